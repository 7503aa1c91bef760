#include <stripe_return/core/order_naming.hpp>

#include "core/named_order.hpp"

namespace stripe_return {
inline namespace v0 {
namespace {

bool is_metadata_key(const std::string& text) noexcept {
  return !text.empty() && text.size() <= 40 && text.find_first_of("[]") == std::string::npos;
}

} // namespace

result<void> check(const order_naming& naming) {
  if (!is_metadata_key(naming.order_key) || !is_metadata_key(naming.shop_key) ||
      !is_metadata_key(naming.attempt_key)) {
    return error{error_code::invalid_option,
                 "The options order_key, shop_key and attempt_key must be metadata keys of 1 to 40 "
                 "bytes, without square brackets."};
  }
  if (naming.order_key == naming.shop_key || naming.order_key == naming.attempt_key ||
      naming.shop_key == naming.attempt_key) {
    return error{error_code::invalid_option,
                 "Two of the options order_key, shop_key and attempt_key are the same: give each a "
                 "key of its own."};
  }
  if (naming.shop.size() > 500) {
    return error{error_code::invalid_option,
                 "The option shop is too long for metadata: use at most 500 bytes."};
  }
  return {};
}

named_order named_by(const checkout_session& session, const order_naming& naming) noexcept {
  const auto of_payment = [&](const std::string& key) {
    const auto& intent = session.payment_intent;
    return intent ? intent->metadata.get(key) : std::string_view();
  };
  const std::string_view numbers[] = {
      session.metadata.get(naming.order_key), of_payment(naming.order_key),
      naming.client_reference_id ? std::string_view(session.client_reference_id)
                                 : std::string_view()};
  named_order named;
  for (const std::string_view number : numbers) {
    if (number.empty()) continue;
    if (named.number.empty()) named.number = number;
    named.conflict = named.conflict || number != named.number;
  }
  named.shop = session.metadata.get(naming.shop_key);
  if (named.shop.empty()) named.shop = of_payment(naming.shop_key);
  return named;
}

std::string order_number_of(const checkout_session& session, const order_naming& naming) {
  return std::string(named_by(session, naming).number);
}

} // namespace v0
} // namespace stripe_return
