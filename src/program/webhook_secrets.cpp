#include "program/webhook_secrets.hpp"

#include <string>
#include <string_view>

namespace program {
namespace {

namespace sr = stripe_return;

constexpr std::string_view white_space = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

sr::error unusable(const std::string& message) {
  return {sr::error_code::missing_webhook_secret, message};
}

} // namespace

sr::result<std::vector<sr::endpoint_secret>> split_webhook_secrets(const sr::secret& variable) {
  std::vector<sr::endpoint_secret> separate;
  std::string_view rest = variable.reveal();
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::string_view one = trimmed(rest.substr(0, comma));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    if (one.empty()) continue;
    const std::string number = std::to_string(separate.size() + 1);
    if (one.find_first_of(white_space) != std::string_view::npos) {
      return unusable("STRIPE_WEBHOOK_SECRET holds a secret with white space in it, number " +
                      number + ": separate several by commas.");
    }
    if (one == "whsec_") {
      return unusable("STRIPE_WEBHOOK_SECRET holds whsec_ with nothing behind it, number " +
                      number + ": copy the whole secret of the endpoint.");
    }
    separate.push_back({number, std::string(one)});
  }
  if (separate.empty()) {
    return unusable("There is no endpoint secret: set STRIPE_WEBHOOK_SECRET.");
  }
  return separate;
}

} // namespace program
