#include "fake_stripe/html.hpp"

namespace stripe_return {
inline namespace v0 {
namespace fake {

html& html::operator<<(std::string_view text) {
  for (const char c : text) {
    switch (c) {
    case '&': text_ += "&amp;"; break;
    case '<': text_ += "&lt;"; break;
    case '>': text_ += "&gt;"; break;
    case '"': text_ += "&quot;"; break;
    case '\'': text_ += "&#39;"; break;
    default: text_ += c;
    }
  }
  return *this;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
