#include "fake_stripe/payment_page.hpp"

#include "fake_stripe/api_error.hpp"
#include "fake_stripe/checkout_page.hpp"
#include "fake_stripe/checkout_page_style.hpp"
#include "fake_stripe/loopback_url.hpp"
#include "fake_stripe/page_method.hpp"
#include "fake_stripe/parameters.hpp"

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
  const std::string origin = url.substr(0, url.find_first_of("/?#", url.find("://") + 3));
  return origin.find_first_of(" ;,'\"") == std::string::npos ? " " + origin : std::string();
}

// Browsers hold a form's redirects against form-action too.
std::string policy_for(const session& session) {
  return "default-src 'none'; style-src " + page_style_source() +
         "; base-uri 'none'; frame-ancestors 'none'; form-action 'self'" +
         origin_of(session.asked.success_url) +
         (session.asked.cancel_url ? origin_of(*session.asked.cancel_url) : std::string());
}

reply html_reply(int status, std::string document, std::string policy) {
  reply made;
  made.status = status;
  made.content_type = "text/html; charset=utf-8";
  made.headers = {{"Content-Security-Policy", std::move(policy)},
                  {"Cache-Control", "no-store"},
                  {"Referrer-Policy", "no-referrer"}};
  made.body = std::move(document);
  return made;
}

reply missing_page() {
  return html_reply(404, render_missing_page(page_language::english),
                    "default-src 'none'; style-src " + page_style_source() +
                        "; base-uri 'none'; frame-ancestors 'none'");
}

reply redirect(std::string url) {
  reply made;
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

// Those of the session, and always a delayed one: a shop has to cope with money that comes later.
std::vector<std::string> payment_methods_of(const session& session) {
  std::vector<std::string> types = session.asked.payment_method_types;
  const bool has_delayed = std::any_of(types.begin(), types.end(), [](const std::string& type) {
    return page_method_of(type).is_delayed;
  });
  if (!has_delayed) types.emplace_back("customer_balance");
  return types;
}

// A session says nothing of its shop but where the customer comes back to. No name where that is
// this computer.
std::string shop_name_of(const session& session) {
  if (parse_loopback_url(session.asked.success_url)) return {};
  const std::string& url = session.asked.success_url;
  const std::size_t host = url.find("://") + 3;
  return url.substr(host, url.find_first_of("/?#:", host) - host);
}

checkout_page page_of(const session& session, page_alert alert) {
  checkout_page page;
  page.language = choose_language(session.asked.locale, {});
  page.shop_name = shop_name_of(session);
  page.state = page_state_of(session.state.status);
  page.currency = session.asked.currency;
  for (const bought_item& item : session.asked.items) {
    page.items.push_back(
        {item.name, item.description, item.quantity, item.unit_amount, item.amount()});
  }
  page.subtotal = session.asked.total();
  page.total = session.asked.total();
  page.costs_nothing = session.state.payment == payment_status::no_payment_required;
  page.payment_methods = payment_methods_of(session);
  page.may_leave = session.asked.cancel_url.has_value();
  page.recovery_url = session.recovery_url;
  page.alert = alert;
  return page;
}

reply show(const session& session, int status, page_alert alert) {
  return html_reply(status, render(page_of(session, alert)), policy_for(session));
}

// Only here: Stripe says so of success_url alone.
std::string success_url_of(const session& session) {
  constexpr std::string_view placeholder = "{CHECKOUT_SESSION_ID}";
  std::string url = session.asked.success_url;
  for (std::size_t at = url.find(placeholder); at != std::string::npos;
       at = url.find(placeholder, at + session.id.size())) {
    url.replace(at, placeholder.size(), session.id);
  }
  return url;
}

reply act(const session& session, const request& request, account& account, unix_seconds now) {
  const parameters given(decode_form(request.body));
  const std::string action = given.text("action", 20).value_or("");
  if (action == "leave" && session.asked.cancel_url) return redirect(*session.asked.cancel_url);
  const auto let = [&](happening what) { account.let(session.id, what, {now}); };
  if (action == "decline") {
    let(happening::decline);
    return show(session, 200, page_alert::card_declined);
  }
  if (action == "pay") {
    let(happening::pay);
  } else if (action == "pay_later") {
    let(happening::pay_later);
  } else {
    throw invalid_request("There is no such action");
  }
  return redirect(success_url_of(session));
}

} // namespace

reply payment_page(const request& request, account& account, unix_seconds now) {
  account.pass_time(now);
  const std::string_view path = request.path;
  if (request.method == "GET" && path.substr(0, recovery_path.size()) == recovery_path) {
    const session* recovered = account.recover(request.path.substr(recovery_path.size()), now);
    return recovered == nullptr ? missing_page() : redirect(recovered->url);
  }
  if (path.substr(0, page_path.size()) != page_path) return missing_page();
  const session* session = nullptr;
  try {
    session = &account.find(request.path.substr(page_path.size()));
  } catch (const api_error&) {
    return missing_page();
  }
  if (request.method != "POST") return show(*session, 200, page_alert::none);
  try {
    return act(*session, request, account, now);
  } catch (const api_error&) {
    return show(*session, 409, page_alert::not_possible);
  }
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
