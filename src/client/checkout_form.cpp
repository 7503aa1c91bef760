#include "client/checkout_form.hpp"

#include "client/form.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace {

using parameter = std::pair<std::string, std::string>;

// https://docs.stripe.com/api/idempotent_requests
constexpr std::size_t longest_idempotency_key = 255;

error invalid(std::string message) {
  return {error_code::invalid_option, std::move(message)};
}

// A word, then any number of words in brackets: Stripe may read what is more crooked as the name of
// a parameter that stands there already.
bool well_formed(std::string_view name) noexcept {
  std::size_t end = std::min(name.find_first_of("[]"), name.size());
  if (end == 0) return false;
  while (end != name.size()) {
    if (name[end] != '[') return false;
    end = name.find_first_of("[]", end + 1);
    if (end == std::string_view::npos || name[end] != ']') return false;
    ++end;
  }
  return true;
}

// Whether they name the same parameter, or one names a part of the other.
bool collide(std::string_view a, std::string_view b) noexcept {
  if (a.size() > b.size()) std::swap(a, b);
  return b.substr(0, a.size()) == a && (a.size() == b.size() || b[a.size()] == '[');
}

std::vector<parameter> fields_of(const checkout_parameters& given) {
  std::vector<parameter> fields{{"mode", std::string(to_string(given.mode))}};
  const auto add_name = [&](const std::string& key, const std::string& value) {
    fields.emplace_back("metadata[" + key + ']', value);
    if (given.mode == session_mode::payment) {
      fields.emplace_back("payment_intent_data[metadata][" + key + ']', value);
    }
  };
  add_name(given.naming.order_key, given.out_trade_no);
  if (!given.naming.shop.empty()) add_name(given.naming.shop_key, given.naming.shop);
  if (given.naming.client_reference_id) {
    fields.emplace_back("client_reference_id", given.out_trade_no);
  }
  for (std::size_t i = 0; i != given.line_items.size(); ++i) {
    const checkout_line_item& item = given.line_items[i];
    const std::string line = "line_items[" + std::to_string(i) + "]";
    fields.emplace_back(line + "[quantity]", std::to_string(item.quantity));
    fields.emplace_back(line + "[price_data][currency]", item.unit_amount.currency());
    fields.emplace_back(line + "[price_data][unit_amount]",
                        std::to_string(item.unit_amount.minor_units()));
    fields.emplace_back(line + "[price_data][product_data][name]", item.name);
  }
  const auto add_text = [&](const char* name, const std::string& text) {
    if (!text.empty()) fields.emplace_back(name, text);
  };
  add_text("success_url", given.success_url);
  add_text("cancel_url", given.cancel_url);
  add_text("return_url", given.return_url);
  if (!given.return_url.empty()) fields.emplace_back("ui_mode", "embedded_page");
  if (given.expires_at) fields.emplace_back("expires_at", std::to_string(*given.expires_at));
  return fields;
}

std::optional<error> check(const checkout_parameters& given) {
  if (const auto usable = check(given.naming); !usable) return usable.error();
  if (given.out_trade_no.empty()) return invalid("The parameter out_trade_no must not be empty.");
  if (given.attempt < 1) return invalid("The parameter attempt must be 1 or more.");
  if (given.mode == session_mode::absent || given.mode == session_mode::unrecognized) {
    return invalid("The parameter mode must be payment, setup or subscription.");
  }
  if (!given.return_url.empty() && !(given.success_url.empty() && given.cancel_url.empty())) {
    return invalid("The parameter return_url is for an embedded checkout, success_url and "
                   "cancel_url are for Stripe's own page: give one or the other.");
  }
  return std::nullopt;
}

std::optional<error> check_further(const std::vector<parameter>& further,
                                   const std::vector<parameter>& fields) {
  for (const parameter& each : further) {
    if (!well_formed(each.first)) {
      return invalid("A name in further is none of a parameter: name[part][part].");
    }
    for (const parameter& field : fields) {
      if (collide(each.first, field.first)) {
        return invalid("A parameter in further collides with " + field.first +
                       ", which another field sets: leave it out.");
      }
    }
  }
  return std::nullopt;
}

} // namespace

result<checkout_form> make_checkout_form(const checkout_parameters& parameters) {
  if (std::optional<error> wrong = check(parameters)) return *std::move(wrong);
  checkout_form made;
  made.idempotency_key = "checkout-";
  if (!parameters.naming.shop.empty()) {
    made.idempotency_key.append(percent_encoded(parameters.naming.shop)).append(1, ':');
  }
  made.idempotency_key.append(percent_encoded(parameters.out_trade_no))
      .append(1, '-')
      .append(std::to_string(parameters.attempt));
  if (made.idempotency_key.size() > longest_idempotency_key) {
    return invalid(
        "The parameter out_trade_no is too long for an idempotency key: percent-encoded and "
        "together with the shop, it may have some 230 bytes.");
  }
  const std::vector<parameter> fields = fields_of(parameters);
  if (auto wrong = check_further(parameters.further, fields)) return *std::move(wrong);
  form body;
  for (const std::vector<parameter>& part : {fields, parameters.further}) {
    for (const parameter& each : part)
      body.add(each.first, each.second);
  }
  made.text = body.text();
  return made;
}

} // namespace v0
} // namespace stripe_return
