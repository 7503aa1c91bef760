#include <stripe_return/core/result.hpp>

namespace stripe_return {
inline namespace v0 {

const char* bad_result_access::what() const noexcept {
  return "stripe_return: result::value() was called on an error";
}

void throw_bad_result_access() {
  throw bad_result_access();
}

} // namespace v0
} // namespace stripe_return
