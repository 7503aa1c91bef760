// Parameters and limits: https://docs.stripe.com/api/checkout/sessions/create

#include "testkit/fake_stripe/session_request.hpp"

#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/currency.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

constexpr unix_seconds shortest_life = 30 * 60;
constexpr unix_seconds longest_life = 24 * 60 * 60;
constexpr std::size_t most_items = 100;
constexpr std::size_t longest_reference = 200;
constexpr std::int64_t longest_trial = 730;

std::string read_currency(const parameters& given) {
  const std::string asked = given.required_text("currency", longest_text);
  std::string currency = asked;
  for (char& c : currency)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (!is_presentment_currency(currency)) {
    throw invalid_request("Invalid currency: " + asked, given.name_of("currency"));
  }
  return currency;
}

bought_item read_item(const parameters& given, checkout_mode mode, const account& owner) {
  given.allow_only({"price", "price_data", "quantity"});
  bought_item item;
  if (given.has("price")) {
    const std::string id = given.required_text("price", longest_text);
    const price* known = owner.prices().find(id);
    if (known == nullptr) throw resource_missing("price", id, given.name_of("price"));
    item.bought = *known;
    item.name = owner.products().find(known->product_id)->name;
  } else {
    if (!given.has("price_data")) throw parameter_missing(given.name_of("price_data"));
    const parameters data = given.object("price_data");
    data.allow_only({"currency", "product_data", "recurring", "unit_amount"});
    item.bought = read_price(data);
    item.bought.active = false;
    if (!data.has("product_data")) throw parameter_missing(data.name_of("product_data"));
    item.own_product = read_product(data.object("product_data"));
    item.own_product->active = false;
    item.name = item.own_product->name;
  }
  item.quantity = given.required_integer("quantity", 1, largest_amount);
  if (item.bought.interval && mode == checkout_mode::payment) {
    throw invalid_request("You specified `payment` mode but passed a recurring price. Either switch"
                          " to `subscription` mode or use only one-time prices.",
                          given.name_of("price"));
  }
  return item;
}

std::vector<bought_item> read_items(const parameters& given, checkout_mode mode,
                                    const account& owner) {
  const std::vector<parameters> items = given.list("line_items");
  if (items.empty()) throw parameter_missing("line_items");
  if (items.size() > most_items) {
    throw invalid_request("There may be at most 100 line items", "line_items");
  }
  std::vector<bought_item> read;
  std::int64_t total = 0;
  for (const parameters& each : items) {
    read.push_back(read_item(each, mode, owner));
    if (read.back().bought.currency != read.front().bought.currency) {
      throw invalid_request("All line items must have the same currency",
                            each.name_of("price_data"));
    }
    total += read.back().amount();
    if (total > largest_amount) {
      throw invalid_request("The total amount due must be no more than 99999999", "line_items",
                            "amount_too_large");
    }
  }
  if (mode == checkout_mode::subscription &&
      std::none_of(read.begin(), read.end(),
                   [](const bought_item& each) { return each.bought.interval.has_value(); })) {
    throw invalid_request("You must provide at least one recurring price in `subscription` mode"
                          " when using prices.",
                          "line_items");
  }
  const std::string& currency = read.front().bought.currency;
  if (total != 0 && total < least_charge(currency)) {
    throw invalid_request("The Checkout Session's total amount due must add up to at least " +
                              std::to_string(least_charge(currency)) + " " + currency +
                              " in its smallest unit",
                          "line_items", "amount_too_small");
  }
  return read;
}

void read_recovery(const parameters& given, session_request& asked) {
  const parameters after_expiration = given.object("after_expiration");
  after_expiration.allow_only({"recovery"});
  const parameters recovery = after_expiration.object("recovery");
  recovery.allow_only({"enabled", "allow_promotion_codes"});
  asked.recoverable = recovery.boolean("enabled").value_or(false);
  asked.recovery_takes_promotion_codes = recovery.boolean("allow_promotion_codes").value_or(false);
  if (asked.recoverable && asked.ui != ui_mode::hosted_page) {
    throw invalid_request("Recovery is for sessions on Stripe's own page.",
                          "after_expiration[recovery]");
  }
}

// Each of these belongs to one mode.
void read_mode_data(const parameters& given, session_request& asked) {
  const auto only_in = [&](const char* key, checkout_mode mode) {
    if (given.has(key) && asked.mode != mode) {
      throw invalid_request("You can not pass `" + std::string(key) + "` in `" +
                                std::string(to_string(asked.mode)) + "` mode.",
                            key);
    }
    return given.object(key);
  };
  const parameters intent = only_in("payment_intent_data", checkout_mode::payment);
  intent.allow_only({"capture_method", "description", "metadata"});
  asked.intent_metadata = intent.metadata("metadata");
  asked.intent_description = intent.text("description", longest_text);
  asked.manual_capture =
      intent.one_of("capture_method", {"automatic", "automatic_async", "manual"}) == "manual";
  const parameters subscription = only_in("subscription_data", checkout_mode::subscription);
  subscription.allow_only({"description", "metadata", "trial_period_days"});
  subscription.metadata("metadata");
  asked.trial_days = subscription.integer("trial_period_days", 1, longest_trial).value_or(0);
  const parameters setup = only_in("setup_intent_data", checkout_mode::setup);
  setup.allow_only({"description", "metadata"});
  setup.metadata("metadata");
}

// Where the customer goes afterwards: https://docs.stripe.com/payments/checkout/custom-success-page
void read_urls(const parameters& given, session_request& asked) {
  const auto ui = given.one_of("ui_mode", {"hosted_page", "embedded_page", "elements", "form"});
  for (const ui_mode each :
       {ui_mode::hosted_page, ui_mode::embedded_page, ui_mode::elements, ui_mode::form}) {
    if (ui == to_string(each)) asked.ui = each;
  }
  const bool hosted = asked.ui == ui_mode::hosted_page;
  const auto refuse = [&](std::initializer_list<const char*> keys) {
    for (const char* key : keys) {
      if (!given.has(key)) continue;
      throw invalid_request("`" + std::string(key) + "` can not be used with `ui_mode: " +
                                std::string(to_string(asked.ui)) + "`.",
                            key);
    }
  };
  if (hosted) {
    refuse({"return_url", "redirect_on_completion"});
    if (!given.has("success_url")) throw parameter_missing("success_url");
    asked.success_url = *given.url("success_url");
    asked.cancel_url = given.url("cancel_url");
    return;
  }
  refuse({"success_url", "cancel_url"});
  if (asked.ui == ui_mode::elements) refuse({"redirect_on_completion"});
  asked.return_url = given.url("return_url");
  asked.redirect_on_completion =
      given.one_of("redirect_on_completion", {"always", "if_required", "never"});
  if (!asked.redirect_on_completion && asked.ui != ui_mode::elements) {
    asked.redirect_on_completion = "always";
  }
  const bool never = asked.redirect_on_completion == "never";
  if (never) refuse({"return_url"});
  if (!never && !asked.return_url) throw parameter_missing("return_url");
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

checkout_mode read_mode(const parameters& given) {
  if (!given.has("mode")) throw parameter_missing("mode");
  const auto mode = given.one_of("mode", {"payment", "setup", "subscription"});
  return mode == "payment" ? checkout_mode::payment
         : mode == "setup" ? checkout_mode::setup
                           : checkout_mode::subscription;
}

void read_customer(const parameters& given, const account& owner, session_request& asked) {
  asked.customer_id = given.text("customer", longest_text);
  asked.customer_email = given.text("customer_email", longest_text);
  if (!asked.customer_id) return;
  if (asked.customer_email) {
    throw invalid_request("You may only specify one of these parameters: customer,"
                          " customer_email.",
                          "customer_email");
  }
  const customer* known = owner.customers().find(*asked.customer_id);
  if (known == nullptr) throw resource_missing("customer", *asked.customer_id, "customer");
  asked.customer_email = known->email;
}

} // namespace

price read_price(const parameters& given) {
  price read;
  read.currency = read_currency(given);
  read.unit_amount = given.required_integer("unit_amount", 0, largest_amount);
  if (given.has("recurring")) {
    const parameters recurring = given.object("recurring");
    recurring.allow_only({"interval"});
    if (!recurring.has("interval")) throw parameter_missing(recurring.name_of("interval"));
    read.interval = recurring.one_of("interval", {"day", "week", "month", "year"});
  }
  return read;
}

product read_product(const parameters& given) {
  given.allow_only({"active", "description", "expand", "images", "metadata", "name"});
  product read;
  read.active = given.boolean("active").value_or(true);
  read.name = given.required_text("name", longest_text);
  read.description = given.text("description", longest_text);
  read.images = given.texts("images");
  read.metadata = given.metadata("metadata");
  return read;
}

session_request read_session_request(const parameters& given, unix_seconds now,
                                     const account& owner) {
  if (given.has("payment_method_types")) {
    throw invalid_request("`payment_method_types` is no longer supported: use"
                          " `allowed_payment_method_types` or `excluded_payment_method_types`.",
                          "payment_method_types", "parameter_unknown");
  }
  session_request asked;
  asked.mode = read_mode(given);
  read_urls(given, asked);
  if (asked.mode == checkout_mode::setup) {
    if (given.has("line_items")) {
      throw invalid_request("You can not pass `line_items` in `setup` mode.", "line_items");
    }
    if (given.has("currency")) asked.currency = read_currency(given);
  } else {
    asked.items = read_items(given, asked.mode, owner);
    asked.currency = asked.items.front().bought.currency;
  }
  read_mode_data(given, asked);
  asked.metadata = given.metadata("metadata");
  asked.client_reference_id = given.text("client_reference_id", longest_reference);
  read_customer(given, owner, asked);
  asked.locale = given.text("locale", longest_text);
  asked.submit_type = given.one_of("submit_type", {"auto", "book", "donate", "pay", "subscribe"});
  asked.billing_address_collection =
      given.one_of("billing_address_collection", {"auto", "required"});
  asked.allowed_payment_methods = given.texts("allowed_payment_method_types");
  asked.excluded_payment_methods = given.texts("excluded_payment_method_types");
  given.object("payment_method_options"); // any: no method here has an option
  asked.takes_promotion_codes = given.boolean("allow_promotion_codes");
  const parameters adaptive_pricing = given.object("adaptive_pricing");
  adaptive_pricing.allow_only({"enabled"});
  asked.adaptive_pricing = adaptive_pricing.boolean("enabled");
  asked.expires_at = read_expiry(given, now);
  read_recovery(given, asked);
  return asked;
}

session_update read_session_update(const parameters& given, const session& session,
                                   const account& owner) {
  session_update read;
  if (given.is_named("metadata")) {
    read.metadata = session.metadata;
    given.update_metadata("metadata", *read.metadata);
  }
  if (given.has("line_items")) {
    if (session.asked->ui == ui_mode::hosted_page) {
      throw invalid_request("`line_items` can not be changed with `ui_mode: hosted_page`.",
                            "line_items");
    }
    read.items = read_items(given, session.asked->mode, owner);
    for (const bought_item& each : *read.items) {
      if (each.bought.currency == session.asked->currency) continue;
      throw invalid_request("A session's currency can not be changed.", "line_items");
    }
  }
  return read;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
