#include <stripe_return/core/session_id.hpp>

#include "core/ascii.hpp"

#include <algorithm>

namespace stripe_return {
inline namespace v0 {
namespace {

constexpr std::size_t longest_id = 255; // https://docs.stripe.com/upgrades: ids may grow to that
constexpr std::string_view live_prefix = "cs_live_";
constexpr std::string_view test_prefix = "cs_test_";

bool contains(std::string_view text, std::string_view part) noexcept {
  return text.find(part) != std::string_view::npos;
}

bool is_id_character(char c) noexcept {
  return is_letter_or_digit(c) || c == '_';
}

} // namespace

result<session_id> session_id::parse(std::string_view decoded) {
  if (decoded.empty()) {
    return error{error_code::empty_session_id,
                 "The session id is empty: the return does not come from Stripe Checkout, or "
                 "success_url (return_url) lacks {CHECKOUT_SESSION_ID}."};
  }
  if (contains(decoded, "CHECKOUT_SESSION_ID")) {
    return error{error_code::unreplaced_template,
                 "Stripe did not replace {CHECKOUT_SESSION_ID}: put it with plain braces into "
                 "success_url (hosted) or return_url (embedded) when creating the session."};
  }
  if (contains(decoded, "_secret_")) {
    return error{error_code::client_secret_given,
                 "There is a client secret in place of the session id: keep client secrets out of "
                 "URLs, and put {CHECKOUT_SESSION_ID} into success_url or return_url."};
  }
  if (decoded.size() > longest_id) {
    return error{error_code::session_id_too_long,
                 "The session id is longer than 255 bytes, so it is not Stripe's: check where the "
                 "link comes from."};
  }
  const std::string_view tail =
      starts_with(decoded, "cs_") ? decoded.substr(3) : std::string_view{};
  if (tail.empty() || !std::all_of(tail.begin(), tail.end(), is_id_character)) {
    return error{
        error_code::malformed_session_id,
        "The session id is malformed: it must be cs_ followed by letters, digits and underscores."};
  }
  return session_id(std::string(decoded));
}

std::optional<stripe_return::livemode> session_id::livemode() const noexcept {
  if (starts_with(text_, live_prefix)) return stripe_return::livemode::live;
  if (starts_with(text_, test_prefix)) return stripe_return::livemode::test;
  return std::nullopt;
}

} // namespace v0
} // namespace stripe_return
