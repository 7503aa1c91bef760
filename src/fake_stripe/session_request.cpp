// Parameters and limits: https://docs.stripe.com/api/checkout/sessions/create

#include "fake_stripe/session_request.hpp"

#include "fake_stripe/api_error.hpp"

#include <algorithm>
#include <numeric>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

constexpr unix_seconds shortest_life = 30 * 60;
constexpr unix_seconds longest_life = 24 * 60 * 60;
constexpr std::size_t most_items = 100;
constexpr std::size_t longest_reference = 200;
// https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts: eight digits
constexpr std::int64_t largest_amount = 99999999;

std::string read_currency(const parameters& given) {
  std::string currency = given.required_text("currency", longest_text);
  for (char& c : currency) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const bool is_code =
      currency.size() == 3 &&
      std::all_of(currency.begin(), currency.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!is_code) throw invalid_request("Invalid currency: " + currency, given.name_of("currency"));
  return currency;
}

void read_product(const parameters& given, bought_item& item) {
  given.allow_only({"name", "description", "images", "metadata"});
  item.name = given.required_text("name", longest_text);
  item.description = given.text("description", longest_text);
  item.images = given.texts("images");
  item.product_metadata = given.metadata("metadata");
}

bought_item read_item(const parameters& given, std::string& currency) {
  given.allow_only({"price", "price_data", "quantity"});
  if (given.has("price")) {
    throw resource_missing("price", given.required_text("price", longest_text),
                           given.name_of("price"));
  }
  if (!given.has("price_data")) throw parameter_missing(given.name_of("price_data"));
  const parameters price = given.object("price_data");
  price.allow_only({"currency", "product_data", "unit_amount"});
  bought_item item;
  const std::string item_currency = read_currency(price);
  if (!currency.empty() && item_currency != currency) {
    throw invalid_request("All line items must have the same currency", price.name_of("currency"));
  }
  currency = item_currency;
  item.unit_amount = price.required_integer("unit_amount", 0, largest_amount);
  item.quantity = given.required_integer("quantity", 1, largest_amount);
  if (!price.has("product_data")) throw parameter_missing(price.name_of("product_data"));
  read_product(price.object("product_data"), item);
  return item;
}

void read_items(const parameters& given, session_request& asked) {
  const std::vector<parameters> items = given.list("line_items");
  if (items.empty()) throw parameter_missing("line_items");
  if (items.size() > most_items) {
    throw invalid_request("There may be at most 100 line items", "line_items");
  }
  for (const parameters& each : items) {
    asked.items.push_back(read_item(each, asked.currency));
    if (asked.total() > largest_amount) {
      throw invalid_request("The total amount due must be no more than 99999999", "line_items",
                            "amount_too_large");
    }
  }
}

void read_recovery(const parameters& given, session_request& asked) {
  const parameters after_expiration = given.object("after_expiration");
  after_expiration.allow_only({"recovery"});
  const parameters recovery = after_expiration.object("recovery");
  recovery.allow_only({"enabled", "allow_promotion_codes"});
  asked.recoverable = recovery.boolean("enabled").value_or(false);
  asked.recovery_takes_promotion_codes = recovery.boolean("allow_promotion_codes").value_or(false);
}

void read_intent(const parameters& given, session_request& asked) {
  const parameters intent = given.object("payment_intent_data");
  intent.allow_only({"metadata", "description"});
  asked.intent_metadata = intent.metadata("metadata");
  asked.intent_description = intent.text("description", longest_text);
}

std::optional<unix_seconds> read_expiry(const parameters& given, unix_seconds now) {
  const std::optional<unix_seconds> expires_at = given.integer("expires_at");
  if (expires_at && *expires_at < now + shortest_life) {
    throw invalid_request("The `expires_at` timestamp must be at least 30 minutes from Checkout"
                          " Session creation.",
                          "expires_at");
  }
  if (expires_at && *expires_at > now + longest_life) {
    throw invalid_request("The `expires_at` timestamp must be less than 24 hours from Checkout"
                          " Session creation.",
                          "expires_at");
  }
  return expires_at;
}

} // namespace

std::int64_t session_request::total() const {
  return std::accumulate(
      items.begin(), items.end(), std::int64_t{0},
      [](std::int64_t sum, const bought_item& each) { return sum + each.amount(); });
}

session_request read_session_request(const parameters& given, unix_seconds now) {
  given.allow_only({"after_expiration", "billing_address_collection", "cancel_url",
                    "client_reference_id", "customer_email", "expand", "expires_at", "line_items",
                    "locale", "metadata", "mode", "payment_intent_data", "payment_method_types",
                    "submit_type", "success_url", "ui_mode"});
  if (!given.has("mode")) throw parameter_missing("mode");
  given.one_of("mode", {"payment"});
  given.one_of("ui_mode", {"hosted_page"});
  session_request asked;
  if (!given.has("success_url")) throw parameter_missing("success_url");
  asked.success_url = *given.url("success_url");
  asked.cancel_url = given.url("cancel_url");
  read_items(given, asked);
  asked.metadata = given.metadata("metadata");
  asked.client_reference_id = given.text("client_reference_id", longest_reference);
  asked.customer_email = given.text("customer_email", longest_text);
  asked.locale = given.text("locale", longest_text);
  asked.submit_type = given.one_of("submit_type", {"auto", "book", "donate", "pay", "subscribe"});
  asked.billing_address_collection =
      given.one_of("billing_address_collection", {"auto", "required"});
  asked.payment_method_types = given.texts("payment_method_types");
  if (asked.payment_method_types.empty()) asked.payment_method_types = {"card"};
  read_intent(given, asked);
  asked.expires_at = read_expiry(given, now);
  read_recovery(given, asked);
  return asked;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
