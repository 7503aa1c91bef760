// What is read of each object. Anything else is skipped.
#include "core/session_reader.hpp"

namespace stripe_return {
inline namespace v0 {

session_reader::known_keys session_reader::keys_of(place where) noexcept {
  static constexpr known_key session_keys[] = {
      {"id", field::session_id},
      {"object", field::session_object},
      {"status", field::session_status},
      {"payment_status", field::session_payment_status},
      {"mode", field::session_mode},
      {"livemode", field::session_livemode},
      {"created", field::session_created},
      {"expires_at", field::session_expires_at},
      {"amount_subtotal", field::session_amount_subtotal},
      {"amount_total", field::session_amount_total},
      {"currency", field::session_currency},
      {"currency_conversion", field::session_currency_conversion},
      {"client_reference_id", field::session_client_reference_id},
      {"metadata", field::session_metadata},
      {"payment_intent", field::session_payment_intent},
      {"setup_intent", field::session_setup_intent},
      {"subscription", field::session_subscription},
      {"recovered_from", field::session_recovered_from},
      {"after_expiration", field::session_after_expiration},
      {"line_items", field::session_line_items},
      {"url", field::session_url},
      {"client_secret", field::session_client_secret},
  };
  static constexpr known_key payment_intent_keys[] = {
      {"id", field::payment_intent_id},
      {"object", field::payment_intent_object},
      {"status", field::payment_intent_status},
      {"metadata", field::payment_intent_metadata},
      {"latest_charge", field::payment_intent_latest_charge},
  };
  static constexpr known_key charge_keys[] = {
      {"object", field::charge_object},
      {"amount_refunded", field::charge_amount_refunded},
      {"disputed", field::charge_disputed},
  };
  static constexpr known_key setup_intent_keys[] = {{"id", field::setup_intent_id}};
  static constexpr known_key subscription_keys[] = {{"id", field::subscription_id}};
  static constexpr known_key conversion_keys[] = {
      {"amount_subtotal", field::conversion_amount_subtotal},
      {"amount_total", field::conversion_amount_total},
      {"source_currency", field::conversion_source_currency},
  };
  static constexpr known_key after_expiration_keys[] = {
      {"recovery", field::after_expiration_recovery}};
  static constexpr known_key recovery_keys[] = {
      {"url", field::recovery_url},
      {"expires_at", field::recovery_expires_at},
  };
  static constexpr known_key page_keys[] = {
      {"object", field::page_object},
      {"data", field::page_data},
      {"has_more", field::page_has_more},
  };
  static constexpr known_key item_keys[] = {
      {"id", field::item_id},
      {"description", field::item_description},
      {"quantity", field::item_quantity},
      {"amount_subtotal", field::item_amount_subtotal},
      {"amount_total", field::item_amount_total},
      {"currency", field::item_currency},
      {"price", field::item_price},
  };
  static constexpr known_key price_keys[] = {
      {"id", field::price_id},
      {"product", field::price_product},
  };
  static constexpr known_key product_keys[] = {{"id", field::product_id}};
  static constexpr known_key event_keys[] = {
      {"id", field::event_id},
      {"object", field::event_object},
      {"type", field::event_type},
      {"created", field::event_created},
      {"livemode", field::event_livemode},
      {"account", field::event_account},
      {"context", field::event_context},
      {"data", field::event_data},
  };
  static constexpr known_key event_data_keys[] = {{"object", field::data_object}};

  static constexpr known_keys session = list(session_keys);
  static constexpr known_keys payment_intent = list(payment_intent_keys);
  static constexpr known_keys charge = list(charge_keys);
  static constexpr known_keys setup_intent = list(setup_intent_keys);
  static constexpr known_keys subscription = list(subscription_keys);
  static constexpr known_keys conversion = list(conversion_keys);
  static constexpr known_keys after_expiration = list(after_expiration_keys);
  static constexpr known_keys recovery = list(recovery_keys);
  static constexpr known_keys page = list(page_keys);
  static constexpr known_keys item = list(item_keys);
  static constexpr known_keys price = list(price_keys);
  static constexpr known_keys product = list(product_keys);
  static constexpr known_keys event = list(event_keys);
  static constexpr known_keys event_data = list(event_data_keys);

  switch (where) {
  case place::session: return session;
  case place::payment_intent: return payment_intent;
  case place::charge: return charge;
  case place::setup_intent: return setup_intent;
  case place::subscription: return subscription;
  case place::currency_conversion: return conversion;
  case place::after_expiration: return after_expiration;
  case place::recovery: return recovery;
  case place::line_item_page:
  case place::session_page:
  case place::event_page: return page;
  case place::line_item: return item;
  case place::price: return price;
  case place::product: return product;
  case place::event: return event;
  case place::event_data: return event_data;
  case place::outside: // also an object of another kind in an event: nothing of it is read
  case place::metadata:
  case place::payment_intent_metadata:
  case place::line_item_array:
  case place::session_array:
  case place::event_array: break;
  }
  return {};
}

} // namespace v0
} // namespace stripe_return
