#include "client/checkout_form.hpp"

#include "client/form.hpp"

#include <algorithm>
#include <chrono>
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

// So that no sum overflows.
constexpr unix_seconds latest_start = 1'000'000'000'000;

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
  fields.emplace_back("metadata[" + given.naming.attempt_key + ']', std::to_string(given.attempt));
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
  if (given.ui != checkout_ui::hosted_page) fields.emplace_back("ui_mode", to_string(given.ui));
  if (given.redirect != completion_redirect::always)
    fields.emplace_back("redirect_on_completion", to_string(given.redirect));
  if (given.lifetime) {
    fields.emplace_back("expires_at",
                        std::to_string(given.attempt_started + given.lifetime->count()));
  }
  return fields;
}

std::optional<error> check_urls(const checkout_parameters& given) {
  const bool never = given.redirect == completion_redirect::never;
  if (given.ui == checkout_ui::hosted_page) {
    if (given.return_url.empty() && given.redirect == completion_redirect::always)
      return std::nullopt;
    return invalid("The parameters return_url and redirect are for a checkout embedded in the "
                   "shop's page: set ui, or use success_url.");
  }
  if (!given.success_url.empty() || !given.cancel_url.empty()) {
    return invalid(
        "The parameters success_url and cancel_url are for Stripe's hosted page: use return_url.");
  }
  if (given.ui == checkout_ui::elements && given.redirect != completion_redirect::always) {
    return invalid("The parameter redirect cannot be used with elements: leave it at its default.");
  }
  if (never != given.return_url.empty()) {
    return invalid("The parameter return_url is missing: set it, or set redirect to never.");
  }
  return std::nullopt;
}

std::optional<error> check(const checkout_parameters& given) {
  if (const auto usable = check(given.naming); !usable) return usable.error();
  if (given.out_trade_no.empty()) return invalid("The parameter out_trade_no must not be empty.");
  if (given.attempt < 1) return invalid("The parameter attempt must be 1 or more.");
  if (given.mode == session_mode::absent || given.mode == session_mode::unrecognized) {
    return invalid("The parameter mode must be payment, setup or subscription.");
  }
  if (std::optional<error> wrong = check_urls(given)) return wrong;
  if (!given.lifetime) return std::nullopt;
  if (*given.lifetime < std::chrono::minutes(30) || *given.lifetime > std::chrono::hours(24)) {
    return invalid("The parameter lifetime must be from 30 minutes to 24 hours.");
  }
  if (given.attempt_started <= 0 || given.attempt_started > latest_start) {
    return invalid("The parameter lifetime needs attempt_started: the time that was stored with "
                   "the attempt.");
  }
  return std::nullopt;
}

std::optional<error> check_extra(const std::vector<parameter>& extra_parameters,
                                 const std::vector<parameter>& fields) {
  for (const parameter& each : extra_parameters) {
    if (!well_formed(each.first)) {
      return invalid("A name in extra_parameters is malformed: write it as name[part][part].");
    }
    for (const parameter& field : fields) {
      if (collide(each.first, field.first)) {
        return invalid("A parameter in extra_parameters collides with " + field.first +
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
  // In this form none of them has a colon.
  made.idempotency_key = "checkout";
  for (const std::string& part : {parameters.store_id, parameters.naming.shop,
                                  parameters.out_trade_no, std::to_string(parameters.attempt)}) {
    made.idempotency_key.append(1, ':').append(percent_encoded(part));
  }
  if (made.idempotency_key.size() > longest_idempotency_key) {
    return invalid(
        "The parameter out_trade_no is too long for an idempotency key: percent-encoded, and "
        "together with store_id and shop, it may be about 230 bytes long.");
  }
  const std::vector<parameter> fields = fields_of(parameters);
  if (auto wrong = check_extra(parameters.extra_parameters, fields)) return *std::move(wrong);
  form body;
  for (const std::vector<parameter>& part : {fields, parameters.extra_parameters}) {
    for (const parameter& each : part)
      body.add(each.first, each.second);
  }
  made.text = body.text();
  return made;
}

} // namespace v0
} // namespace stripe_return
