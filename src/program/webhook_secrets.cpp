#include "program/webhook_secrets.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace program {
namespace {

namespace sr = stripe_return;

constexpr std::string_view white_space = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
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
    separate.push_back({std::to_string(separate.size() + 1), std::string(one)});
    if (sr::result<void> usable = sr::check(separate.back()); !usable) {
      usable.error().message =
          "STRIPE_WEBHOOK_SECRET, number " + separate.back().label + ": " + usable.error().message;
      return std::move(usable).error();
    }
  }
  if (separate.empty()) {
    return sr::error{sr::error_code::missing_webhook_secret,
                     "There is no endpoint secret: set STRIPE_WEBHOOK_SECRET."};
  }
  return separate;
}

} // namespace program
