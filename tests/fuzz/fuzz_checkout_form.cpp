// The bytes are the choices from which the parameters of a new Checkout Session are made. What is
// sent must hold them and nothing else, whatever is in them, and two orders or attempts must never
// have the same idempotency key.

#include "byte_source.hpp"
#include "check.hpp"
#include "query_decoder.hpp"

#include "client/checkout_form.hpp"

#include <algorithm>
#include <utility>

namespace {

namespace sr = stripe_return;
using fuzz::check;
using parameter = std::pair<std::string, std::string>;

// In texts of the input, and in no message of the library's.
constexpr char canary = '\x7f';

std::string text(fuzz::byte_source& choices) {
  const char* texts[] = {"",      "A1",
                         "a b",   "100%",
                         "a&b=c", "\xe8\xae\xa2\xe5\x8d\x95",
                         "-",     "A1-2",
                         "A%2D1", "https://shop.example/?s={CHECKOUT_SESSION_ID}#"};
  std::string made = choices.below(4) == 0 ? choices.text(255) : choices.pick(texts);
  if (choices.below(4) == 0) made += canary;
  return made;
}

std::string name(fuzz::byte_source& choices) {
  const char* names[] = {"locale",
                         "mode",
                         "metadata",
                         "metadata[out_trade_no]",
                         "metadata[color]",
                         "line_items[0][price]",
                         "line_items[0][price_data][tax_behavior]",
                         "line_items[1]",
                         "payment_intent_data[metadata][out_trade_no]",
                         "payment_intent_data[capture_method]",
                         "success_url",
                         "expires_at[x]",
                         "a[]"};
  return choices.below(4) == 0 ? text(choices) : choices.pick(names);
}

sr::checkout_parameters parameters(fuzz::byte_source& choices) {
  const sr::session_mode modes[] = {sr::session_mode::payment, sr::session_mode::payment,
                                    sr::session_mode::setup, sr::session_mode::subscription,
                                    sr::session_mode::unrecognized};
  const int attempts[] = {1, 1, 2, 12, 2147483647, 0, -1};
  sr::checkout_parameters made;
  made.out_trade_no = text(choices);
  made.attempt = choices.pick(attempts);
  made.mode = choices.pick(modes);
  for (std::size_t left = choices.below(3); left != 0; --left) {
    const std::int64_t amount = choices.integer();
    made.line_items.push_back({text(choices), {amount, text(choices)}, choices.integer()});
  }
  const sr::checkout_ui ways[] = {sr::checkout_ui::hosted_page, sr::checkout_ui::embedded_page,
                                  sr::checkout_ui::elements, sr::checkout_ui::form};
  const sr::completion_redirect redirects[] = {
      sr::completion_redirect::always, sr::completion_redirect::always,
      sr::completion_redirect::if_required, sr::completion_redirect::never};
  made.ui = choices.pick(ways);
  made.redirect = choices.pick(redirects);
  if (made.ui != sr::checkout_ui::hosted_page) {
    if (choices.flag()) made.return_url = text(choices);
  } else {
    made.success_url = text(choices);
    made.cancel_url = text(choices);
  }
  made.store_id = text(choices);
  made.attempt_started = choices.integer();
  if (choices.flag()) made.lifetime = std::chrono::seconds(choices.below(100'000));
  for (std::size_t left = choices.below(4); left != 0; --left) {
    std::string further = name(choices);
    made.extra_parameters.emplace_back(std::move(further), text(choices));
  }
  return made;
}

std::vector<parameter> read_form(const std::string& body) {
  std::vector<parameter> fields;
  for (const std::string& pair : fuzz::split(body, '&')) {
    const auto halves = fuzz::split(pair, '=');
    check(halves.size() == 2 && !halves[0].empty(), "each field is a name and a value");
    fields.emplace_back(fuzz::percent_decoded(halves[0]), fuzz::percent_decoded(halves[1]));
  }
  return fields;
}

auto count(const std::vector<parameter>& fields, const std::string& name) {
  return std::count_if(fields.begin(), fields.end(),
                       [&](const parameter& field) { return field.first == name; });
}

// Takes the field out of those that are left.
void take(std::vector<parameter>& fields, const std::string& name, const std::string& value) {
  const auto at = std::find(fields.begin(), fields.end(), parameter(name, value));
  check(at != fields.end(), "every parameter is sent as it was given");
  fields.erase(at);
}

void take_text(std::vector<parameter>& fields, const std::string& name, const std::string& value) {
  if (!value.empty()) take(fields, name, value);
}

void check_body(const sr::checkout_parameters& given, const std::string& body) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%=&";
  check(body.find_first_not_of(allowed) == std::string::npos, "all else is encoded");
  std::vector<parameter> fields = read_form(body);
  for (const parameter& each : given.extra_parameters) {
    check(count(fields, each.first) == count(given.extra_parameters, each.first),
          "an extra parameter takes no other's place");
  }
  for (const parameter& each : given.extra_parameters)
    take(fields, each.first, each.second);
  const bool payment = given.mode == sr::session_mode::payment;
  const bool setup = given.mode == sr::session_mode::setup;
  take(fields, "mode", payment ? "payment" : setup ? "setup" : "subscription");
  take(fields, "metadata[out_trade_no]", given.out_trade_no);
  if (payment) take(fields, "payment_intent_data[metadata][out_trade_no]", given.out_trade_no);
  for (std::size_t i = 0; i != given.line_items.size(); ++i) {
    const sr::checkout_line_item& item = given.line_items[i];
    const std::string line = "line_items[" + std::to_string(i) + "]";
    const std::string price = line + "[price_data]";
    take(fields, line + "[quantity]", std::to_string(item.quantity));
    take(fields, price + "[currency]", item.unit_amount.currency());
    take(fields, price + "[unit_amount]", std::to_string(item.unit_amount.minor_units()));
    take(fields, price + "[product_data][name]", item.name);
  }
  take_text(fields, "success_url", given.success_url);
  take_text(fields, "cancel_url", given.cancel_url);
  take_text(fields, "return_url", given.return_url);
  take(fields, "metadata[checkout_attempt]", std::to_string(given.attempt));
  if (given.ui != sr::checkout_ui::hosted_page)
    take(fields, "ui_mode", std::string(to_string(given.ui)));
  if (given.redirect != sr::completion_redirect::always)
    take(fields, "redirect_on_completion", std::string(to_string(given.redirect)));
  if (given.lifetime)
    take(fields, "expires_at", std::to_string(given.attempt_started + given.lifetime->count()));
  check(fields.empty(), "nothing else is sent");
}

// All that it is made of can be read back from it, so no two have the same.
void check_idempotency_key(const sr::checkout_parameters& given, const std::string& key) {
  check(key.size() <= 255, "Stripe accepts an idempotency key of that size");
  check(std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < canary; }),
        "an idempotency key is fit for a header");
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= key.size();) {
    const std::size_t end = std::min(key.find(':', at), key.size());
    parts.push_back(fuzz::percent_decoded(key.substr(at, end - at)));
    at = end + 1;
  }
  check(key.find('+') == std::string::npos, "a space is %20");
  check(parts == std::vector<std::string>{"checkout", given.store_id, given.naming.shop,
                                          given.out_trade_no, std::to_string(given.attempt)},
        "the key has its parts");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::byte_source choices(data, size);
  const sr::checkout_parameters given = parameters(choices);
  const auto form = sr::make_checkout_form(given);
  if (form) {
    check_body(given, form->text);
    check_idempotency_key(given, form->idempotency_key);
  } else {
    check(form.error().code == sr::error_code::invalid_option, "refused as an invalid option");
    check(form.error().message.find(canary) == std::string::npos,
          "an error repeats nothing of the parameters");
  }
  return 0;
}
