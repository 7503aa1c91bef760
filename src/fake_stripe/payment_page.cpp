#include "fake_stripe/payment_page.hpp"

#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/parameters.hpp"

#include <string_view>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

constexpr std::string_view page_path = "/c/pay/";

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
    case '&': safe += "&amp;"; break;
    case '<': safe += "&lt;"; break;
    case '>': safe += "&gt;"; break;
    case '"': safe += "&quot;"; break;
    default: safe += c;
    }
  }
  return safe;
}

// The origin of a URL, as a Content-Security-Policy takes it; empty where it does not.
std::string origin_of(const std::string& url) {
  const std::string origin = url.substr(0, url.find_first_of("/?#", url.find("://") + 3));
  return origin.find_first_of(" ;,'\"") == std::string::npos ? " " + origin : std::string();
}

// Browsers hold a form's redirects against form-action too.
std::string policy_for(const session& session) {
  return "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'" +
         origin_of(session.asked->success_url) +
         (session.asked->cancel_url ? origin_of(*session.asked->cancel_url) : std::string());
}

reply html(int status, const std::string& body, std::string policy) {
  reply made;
  made.status = status;
  made.content_type = "text/html; charset=utf-8";
  made.headers = {{"Content-Security-Policy", std::move(policy)},
                  {"Cache-Control", "no-store"},
                  {"Referrer-Policy", "no-referrer"}};
  made.body = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
              "<meta name=\"viewport\" content=\"width=device-width\">\n"
              "<title>fake-stripe</title>\n" +
              body + "</html>\n";
  return made;
}

reply not_found() {
  return html(404, "<h1>There is no such page.</h1>\n",
              "default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
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

std::string button(const char* action, const char* label) {
  return std::string("<p><button name=\"action\" value=\"") + action + "\">" + label +
         "</button></p>\n";
}

std::string bill(const session& session) {
  std::string text = "<ul>\n";
  for (const bought_item& item : session.asked->items) {
    text += "<li>" + std::to_string(item.quantity) + " &times; " + escaped(item.name) + ": " +
            std::to_string(item.amount()) + "</li>\n";
  }
  return text + "</ul>\n<p>Total: <strong>" + std::to_string(session.paid_amount()) + " " +
         session.paid_currency() + "</strong>, in its smallest unit</p>\n";
}

reply page_of(const session& session, int status, const std::string& message) {
  std::string body;
  if (session.state.status == session_status::complete) {
    body = "<h1>This checkout is complete.</h1>\n";
  } else if (session.state.status == session_status::expired) {
    body = "<h1>This checkout has expired.</h1>\n";
    if (!session.recovery_url.empty()) {
      body += "<p><a href=\"" + escaped(session.recovery_url) + "\">Check out again</a></p>\n";
    }
  } else {
    const bool costs_nothing = session.state.payment == payment_status::no_payment_required;
    body = "<h1>A test payment</h1>\n" + bill(session);
    if (!message.empty()) body += "<p role=\"alert\">" + message + "</p>\n";
    body += "<form method=\"post\">\n";
    body += button("pay", costs_nothing ? "Complete order" : "Pay");
    if (!costs_nothing) {
      body += button("pay_later", "Pay by a delayed method");
      body += button("decline", "Pay with a card that is declined");
    }
    if (session.asked->cancel_url) body += button("leave", "Leave");
    body += "</form>\n";
  }
  return html(status, body, policy_for(session));
}

// Only here: Stripe says so of success_url alone.
// Where an embedded checkout that is complete redirects to; empty: nowhere.
std::string success_url_of(const session& session) {
  constexpr std::string_view placeholder = "{CHECKOUT_SESSION_ID}";
  const session_request& asked = *session.asked;
  std::string url =
      asked.ui == ui_mode::hosted_page ? asked.success_url : asked.return_url.value_or("");
  for (std::size_t at = url.find(placeholder); at != std::string::npos;
       at = url.find(placeholder, at + session.id.size())) {
    url.replace(at, placeholder.size(), session.id);
  }
  return url;
}

reply act(const session& session, const request& request, account& account, unix_seconds now) {
  const parameters given(decode_form(request.body));
  const std::string action = given.text("action", 20).value_or("");
  if (action == "leave" && session.asked->cancel_url) return redirect(*session.asked->cancel_url);
  const auto let = [&](happening what) { account.let(session.id, what, {now}); };
  if (action == "decline") {
    let(happening::decline);
    return page_of(session, 200, "Your card was declined.");
  }
  if (action == "pay") {
    let(happening::pay);
  } else if (action == "pay_later") {
    let(happening::pay_later);
  } else {
    throw invalid_request("There is no such action");
  }
  std::string url = success_url_of(session);
  return url.empty() ? page_of(session, 200, {}) : redirect(std::move(url));
}

} // namespace

reply payment_page(const request& request, machine& stripe) {
  stripe.pass_time();
  const std::string_view path = request.path;
  if (request.method == "GET" && path.substr(0, recovery_path.size()) == recovery_path) {
    const session* recovered = stripe.recover(request.path.substr(recovery_path.size()));
    return recovered == nullptr ? not_found() : redirect(recovered->url);
  }
  if (path.substr(0, page_path.size()) != page_path) return not_found();
  const std::string id = request.path.substr(page_path.size());
  account* owner = nullptr;
  try {
    owner = &stripe.account_of_session(id);
  } catch (const api_error&) {
    return not_found();
  }
  const session& session = owner->find(id);
  if (request.method != "POST") return page_of(session, 200, {});
  try {
    return act(session, request, *owner, stripe.now());
  } catch (const api_error&) {
    return page_of(session, 409, "That is not possible.");
  }
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
