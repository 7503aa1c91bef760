#include "fake_stripe/payment_page.hpp"

#include "fake_stripe/checkout_page.hpp"
#include "fake_stripe/checkout_page_style.hpp"
#include "fake_stripe/page_method.hpp"
#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/loopback_url.hpp"
#include "testkit/fake_stripe/object_json.hpp"
#include "testkit/fake_stripe/parameters.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

constexpr std::string_view page_path = "/c/pay/";

// The origin of a URL, as a Content-Security-Policy takes it; empty where it does not.
std::string origin_of(const std::string& url) {
  if (url.empty()) return {};
  const std::string origin = url.substr(0, url.find_first_of("/?#", url.find("://") + 3));
  return origin.find_first_of(" ;,'\"") == std::string::npos ? " " + origin : std::string();
}

// Where the customer goes after the payment; empty where the shop's own page goes on.
const std::string& return_url_of(const session& session) {
  static const std::string none;
  const session_request& asked = *session.asked;
  if (asked.ui == ui_mode::hosted_page) return asked.success_url;
  return asked.return_url ? *asked.return_url : none;
}

// Browsers hold a form's redirects against form-action too.
std::string policy_for(const session& session) {
  return "default-src 'none'; style-src " + page_style_source() +
         "; base-uri 'none'; frame-ancestors 'none'; form-action 'self'" +
         origin_of(return_url_of(session)) +
         (session.asked->cancel_url ? origin_of(*session.asked->cancel_url) : std::string());
}

response html_response(int status, std::string document, std::string policy) {
  response made;
  made.status = status;
  made.content_type = "text/html; charset=utf-8";
  made.headers = {{"Content-Security-Policy", std::move(policy)},
                  {"Cache-Control", "no-store"},
                  {"Referrer-Policy", "no-referrer"}};
  made.body = std::move(document);
  return made;
}

response missing_page(page_language language) {
  return html_response(404, render_missing_page(language),
                       "default-src 'none'; style-src " + page_style_source() +
                           "; base-uri 'none'; frame-ancestors 'none'");
}

response redirect(std::string url) {
  response made;
  made.status = 303;
  made.content_type = "text/plain";
  made.headers = {{"Location", std::move(url)},
                  {"Cache-Control", "no-store"},
                  {"Referrer-Policy", "no-referrer"}};
  return made;
}

page_state page_state_of(session_status status) {
  switch (status) {
  case session_status::open: return page_state::open;
  case session_status::complete: return page_state::complete;
  case session_status::expired: break;
  }
  return page_state::expired;
}

page_mode page_mode_of(checkout_mode mode) {
  switch (mode) {
  case checkout_mode::payment: return page_mode::payment;
  case checkout_mode::setup: return page_mode::setup;
  case checkout_mode::subscription: break;
  }
  return page_mode::subscription;
}

// Those of the session, and always a delayed one: a shop has to cope with money that comes later.
std::vector<std::string> payment_methods_of(const session& session) {
  std::vector<std::string> types = offered_methods(*session.asked);
  const auto flows = [](method_flow flow) {
    return [flow](const std::string& type) { return page_method_of(type).flow == flow; };
  };
  if (session.asked->redirect_on_completion == "never") {
    types.erase(std::remove_if(types.begin(), types.end(), flows(method_flow::redirect)),
                types.end());
  }
  if (std::none_of(types.begin(), types.end(), flows(method_flow::delayed)) &&
      session.state.payment == payment_status::unpaid) {
    types.emplace_back("customer_balance");
  }
  return types;
}

// A session says nothing of its shop but where the customer comes back to. No name where that is
// this computer, or nowhere.
std::string shop_name_of(const session& session) {
  const std::string& url = return_url_of(session);
  if (url.empty() || parse_loopback_url(url)) return {};
  const std::size_t host = url.find("://") + 3;
  return url.substr(host, url.find_first_of("/?#:", host) - host);
}

checkout_page page_of(const session& session, const account& owner, page_language language,
                      page_alert alert) {
  const bool is_setup = session.asked->mode == checkout_mode::setup;
  checkout_page page;
  page.language = language;
  page.shop_name = shop_name_of(session);
  page.state = page_state_of(session.state.status);
  page.mode = page_mode_of(session.asked->mode);
  page.currency = session.asked->currency;
  for (const bought_item& item : session.asked->items) {
    page.items.push_back({item.name, owner.products().find(item.bought.product_id)->description,
                          item.quantity, item.bought.unit_amount, item.amount()});
    if (item.bought.interval) page.interval = item.bought.interval;
  }
  page.subtotal = session.subtotal();
  page.discount = session.changes.discount;
  page.total = session.total();
  page.costs_nothing = session.state.payment == payment_status::no_payment_required && !is_setup;
  page.payment_methods = payment_methods_of(session);
  page.may_leave = session.asked->cancel_url.has_value();
  page.recovery_url = session.recovery_url;
  page.alert = alert;
  return page;
}

// One visit: who looks at which session.
struct visit {
  const request& asked;
  const session& seen;
  account& owner;
  unix_seconds now;
};

response show(const visit& visit, int status, page_alert alert) {
  const page_language language =
      choose_language(visit.seen.asked->locale, visit.asked.accept_language);
  return html_response(status, render(page_of(visit.seen, visit.owner, language, alert)),
                       policy_for(visit.seen));
}

// Only here: Stripe says so of success_url and return_url alone.
std::string filled_in(std::string url, const std::string& session_id) {
  constexpr std::string_view placeholder = "{CHECKOUT_SESSION_ID}";
  for (std::size_t at = url.find(placeholder); at != std::string::npos;
       at = url.find(placeholder, at + session_id.size())) {
    url.replace(at, placeholder.size(), session_id);
  }
  return url;
}

response act(const visit& visit) {
  const session& session = visit.seen;
  const parameters given(decode_form(visit.asked.body));
  const std::string action = given.text("action", 20).value_or("");
  const auto& cancel_url = session.asked->cancel_url;
  if (action == "leave" && cancel_url) return redirect(*cancel_url);
  const auto apply = [&](session_action what) { visit.owner.apply(session.id, what, {visit.now}); };
  if (action == "decline") {
    // A SetupIntent that fails leaves no trace in its session.
    if (session.asked->mode != checkout_mode::setup) apply(session_action::decline);
    return show(visit, 200, page_alert::card_declined);
  }
  if (action == "pay") {
    apply(session_action::pay);
  } else if (action == "pay_later") {
    apply(session_action::pay_later);
  } else {
    throw invalid_request("There is no such action");
  }
  const std::string& url = return_url_of(session);
  const bool stays =
      session.asked->redirect_on_completion == "if_required" &&
      page_method_of(given.text("method", 60).value_or("card")).flow != method_flow::redirect;
  return url.empty() || stays ? show(visit, 200, page_alert::none)
                              : redirect(filled_in(url, session.id));
}

} // namespace

response payment_page(const request& asked, machine& stripe) {
  stripe.pass_time();
  const std::string_view path = asked.path;
  const page_language language = choose_language({}, asked.accept_language);
  if (asked.method == "GET" && path.substr(0, recovery_path.size()) == recovery_path) {
    const session* recovered = stripe.recover(asked.path.substr(recovery_path.size()));
    return recovered == nullptr ? missing_page(language) : redirect(recovered->url);
  }
  if (path.substr(0, page_path.size()) != page_path) return missing_page(language);
  const std::string id = asked.path.substr(page_path.size());
  account* owner = nullptr;
  try {
    owner = &stripe.account_of_session(id);
  } catch (const api_error&) {
    return missing_page(language);
  }
  const visit visit{asked, owner->find(id), *owner, stripe.now()};
  if (asked.method != "POST") return show(visit, 200, page_alert::none);
  try {
    return act(visit);
  } catch (const api_error&) {
    return show(visit, 409, page_alert::not_possible);
  }
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
