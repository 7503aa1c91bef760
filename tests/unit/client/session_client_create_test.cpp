#include "scripted_client.hpp"

#include "unit/core/error_code_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

sr::checkout_parameters parameters() {
  sr::checkout_parameters made;
  made.out_trade_no = "A1";
  made.attempt = 1;
  return made;
}

std::vector<std::string> lines_of(const sr::http_request& request) {
  std::vector<std::string> lines;
  for (const sr::http_header& header : request.headers)
    lines.push_back(header.name + ": " + header.value);
  return lines;
}

const std::string version_line = "stripe-version: " + std::string(sr::stripe_api_version);

// What is sent, and its idempotency key.
std::pair<std::string, std::string> sent_for(const sr::checkout_parameters& given) {
  const std::string order = quoted(given.out_trade_no);
  scripted_client stripe({scripted_client::session(
      session_json().set("metadata", R"({"out_trade_no":)" + order + "}"))});
  const auto made = stripe.client.create(given);
  EXPECT_TRUE(made) << made.error().message;
  if (stripe.sent() != 1) return {};
  const sr::http_request request = stripe.transport->requests().front();
  return {request.form.value_or("GET"), request.headers.back().value};
}

TEST(SessionClientCreate, SendsAWholeOrder) {
  scripted_client stripe({scripted_client::session()});
  sr::checkout_parameters given = parameters();
  given.line_items = {{"\u83dc & more", {400, "CNY"}, 2}, {"Rice", {0, "cny"}}};
  given.success_url = "https://shop.test/stripe_return?session_id={CHECKOUT_SESSION_ID}";
  given.cancel_url = "https://shop.test/cart";
  given.lifetime = std::chrono::minutes(30);
  given.attempt_started = 1774258200;
  given.extra_parameters = {
      {"locale", "zh"}, {"metadata[note]", "a=b&c d+e"}, {"expand[]", "payment_intent"}};
  const auto made = stripe.client.create(given);
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(stripe.sent(), 1u);
  const sr::http_request request = stripe.transport->requests().front();
  EXPECT_EQ(request.url, "https://api.stripe.com/v1/checkout/sessions");
  EXPECT_EQ(request.form.value_or(""),
            "mode=payment&metadata%5Bout_trade_no%5D=A1"
            "&payment_intent_data%5Bmetadata%5D%5Bout_trade_no%5D=A1"
            "&metadata%5Bcheckout_attempt%5D=1"
            "&line_items%5B0%5D%5Bquantity%5D=2"
            "&line_items%5B0%5D%5Bprice_data%5D%5Bcurrency%5D=cny"
            "&line_items%5B0%5D%5Bprice_data%5D%5Bunit_amount%5D=400"
            "&line_items%5B0%5D%5Bprice_data%5D%5Bproduct_data%5D%5Bname%5D=%E8%8F%9C%20%26%20more"
            "&line_items%5B1%5D%5Bquantity%5D=1"
            "&line_items%5B1%5D%5Bprice_data%5D%5Bcurrency%5D=cny"
            "&line_items%5B1%5D%5Bprice_data%5D%5Bunit_amount%5D=0"
            "&line_items%5B1%5D%5Bprice_data%5D%5Bproduct_data%5D%5Bname%5D=Rice"
            "&success_url=https%3A%2F%2Fshop.test%2Fstripe_return%3Fsession_id%3D%7B"
            "CHECKOUT_SESSION_ID%7D"
            "&cancel_url=https%3A%2F%2Fshop.test%2Fcart&expires_at=1774260000"
            "&locale=zh&metadata%5Bnote%5D=a%3Db%26c%20d%2Be&expand%5B%5D=payment_intent");
  EXPECT_THAT(lines_of(request), ElementsAre(version_line, "idempotency-key: checkout:::A1:1"));
  EXPECT_THAT(stripe.authorizations(), ElementsAre("Bearer sk_test_1"));
}

TEST(SessionClientCreate, SendsWhatIsGivenAndNoMore) {
  EXPECT_EQ(sent_for(parameters()).first, "mode=payment&metadata%5Bout_trade_no%5D=A1"
                                          "&payment_intent_data%5Bmetadata%5D%5Bout_trade_no%5D=A1"
                                          "&metadata%5Bcheckout_attempt%5D=1");
  sr::checkout_parameters embedded = parameters();
  embedded.ui = sr::checkout_ui::embedded_page;
  embedded.return_url = "https://shop.test/r";
  EXPECT_EQ(sent_for(embedded).first,
            "mode=payment&metadata%5Bout_trade_no%5D=A1"
            "&payment_intent_data%5Bmetadata%5D%5Bout_trade_no%5D=A1"
            "&metadata%5Bcheckout_attempt%5D=1"
            "&return_url=https%3A%2F%2Fshop.test%2Fr&ui_mode=embedded_page");
  // There is no PaymentIntent.
  sr::checkout_parameters other = parameters();
  other.mode = sr::session_mode::setup;
  EXPECT_EQ(sent_for(other).first,
            "mode=setup&metadata%5Bout_trade_no%5D=A1&metadata%5Bcheckout_attempt%5D=1");
  other.mode = sr::session_mode::subscription;
  EXPECT_EQ(sent_for(other).first,
            "mode=subscription&metadata%5Bout_trade_no%5D=A1&metadata%5Bcheckout_attempt%5D=1");
}

TEST(SessionClientCreate, SendsEachWayToPay) {
  using ui = sr::checkout_ui;
  using redirect = sr::completion_redirect;
  const auto sent = [](ui mode, redirect when) {
    sr::checkout_parameters given = parameters();
    given.ui = mode;
    given.redirect = when;
    if (when != redirect::never) given.return_url = "r";
    const std::string body = sent_for(given).first;
    return body.substr(body.find("attempt%5D=1") + 12);
  };
  EXPECT_EQ(sent(ui::elements, redirect::always), "&return_url=r&ui_mode=elements");
  EXPECT_EQ(sent(ui::form, redirect::always), "&return_url=r&ui_mode=form");
  EXPECT_EQ(sent(ui::form, redirect::never), "&ui_mode=form&redirect_on_completion=never");
  EXPECT_EQ(sent(ui::embedded_page, redirect::if_required),
            "&return_url=r&ui_mode=embedded_page&redirect_on_completion=if_required");
}

TEST(SessionClientCreate, MakesTheKeyOfStoreShopOrderAndAttempt) {
  sr::checkout_parameters given = parameters();
  EXPECT_EQ(sent_for(given).second, "checkout:::A1:1");
  given.attempt = 12;
  EXPECT_EQ(sent_for(given).second, "checkout:::A1:12");
  // No other order and attempt has the same.
  given.out_trade_no = "A1-1";
  given.attempt = 2;
  EXPECT_EQ(sent_for(given).second, "checkout:::A1-1:2");
  given.out_trade_no = "A1:1"; // nor is one the end of another
  EXPECT_EQ(sent_for(given).second, "checkout:::A1%3A1:2");
  given.store_id = "store 1";
  EXPECT_EQ(sent_for(given).second, "checkout:store%201::A1%3A1:2");
  given.store_id.clear();
  given.out_trade_no = "a b/%\u83dc~._-";
  EXPECT_EQ(sent_for(given).second, "checkout:::a%20b%2F%25%E8%8F%9C~._-:2");
}

TEST(SessionClientCreate, ReturnsTheSession) {
  scripted_client stripe({scripted_client::session(
      session_json()
          .set("status", quoted("open"))
          .set("payment_status", quoted("unpaid"))
          .set("url", quoted("https://checkout.stripe.com/c/pay/cs_test_a1")))});
  const auto made = stripe.client.create(parameters());
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->session.id, "cs_test_a1");
  EXPECT_EQ(made->session.status, sr::session_status::open);
  EXPECT_EQ(made->session.url.reveal(), "https://checkout.stripe.com/c/pay/cs_test_a1");
  EXPECT_EQ(made->time, scripted_client::stripe_time);
  EXPECT_EQ(made->clock, sr::clock_source::stripe);
  EXPECT_EQ(made->request_id, "req_scripted");
  EXPECT_TRUE(made->payment_intent_permitted);
}

TEST(SessionClientCreate, AsksOnBehalfOfTheAccountOfTheClientOrOfTheCall) {
  sr::client_options options = scripted_client::options();
  options.account = "acct_1";
  scripted_client stripe({scripted_client::session()}, options);
  const sr::checkout_parameters given = parameters();
  const auto own = stripe.client.create(given);
  ASSERT_TRUE(own);
  EXPECT_EQ(own->session.account, "acct_1");
  const auto other = stripe.client.create(given, in_account("acct_2"));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->session.account, "acct_2");
  const auto requests = stripe.transport->requests();
  EXPECT_THAT(lines_of(requests[0]), ElementsAre(version_line, "stripe-account: acct_1",
                                                 "idempotency-key: checkout:::A1:1"));
  EXPECT_THAT(lines_of(requests[1]), ElementsAre(version_line, "stripe-account: acct_2",
                                                 "idempotency-key: checkout:::A1:1"));
}

TEST(SessionClientCreate, SendsNothingForWhatContradictsItself) {
  struct row {
    const char* named;
    std::function<void(sr::checkout_parameters&)> apply;
  };
  using ui = sr::checkout_ui;
  using redirect = sr::completion_redirect;
  const auto in_page = [](auto& p, ui mode, redirect when, const char* url) {
    p.ui = mode;
    p.redirect = when;
    p.return_url = url;
  };
  const char* const page = "https://shop.test/r";
  for (const row& each : std::vector<row>{
           {"out_trade_no", [](auto& p) { p.out_trade_no.clear(); }},
           {"attempt", [](auto& p) { p.attempt = 0; }},
           {"attempt", [](auto& p) { p.attempt = -1; }},
           {"mode", [](auto& p) { p.mode = sr::session_mode::absent; }},
           {"mode", [](auto& p) { p.mode = sr::session_mode::unrecognized; }},
           {"return_url", [&](auto& p) { p.return_url = page; }},
           {"redirect", [&](auto& p) { p.redirect = redirect::never; }},
           {"return_url", [&](auto& p) { in_page(p, ui::embedded_page, redirect::always, ""); }},
           {"return_url", [&](auto& p) { in_page(p, ui::form, redirect::never, page); }},
           {"redirect", [&](auto& p) { in_page(p, ui::elements, redirect::if_required, page); }},
           {"success_url",
            [&](auto& p) {
              in_page(p, ui::form, redirect::always, page);
              p.success_url = page;
            }},
           {"cancel_url",
            [&](auto& p) {
              in_page(p, ui::elements, redirect::always, page);
              p.cancel_url = page;
            }},
           {"lifetime", [](auto& p) { p.lifetime = std::chrono::seconds(1799); }},
           {"lifetime", [](auto& p) { p.lifetime = std::chrono::hours(25); }},
           {"attempt_started", [](auto& p) { p.lifetime = std::chrono::hours(1); }},
           {"attempt_key", [](auto& p) { p.naming.attempt_key = "out_trade_no"; }}}) {
    scripted_client stripe({scripted_client::session()});
    sr::checkout_parameters given = parameters();
    each.apply(given);
    const auto refused = stripe.client.create(given);
    ASSERT_EQ(error_code_of(refused), code::invalid_option) << each.named;
    EXPECT_THAT(refused.error().message, HasSubstr(each.named));
    EXPECT_EQ(stripe.sent(), 0u);
  }
}

TEST(SessionClientCreate, RefusesAnOrderNumberThatFitsNoIdempotencyKey) {
  sr::checkout_parameters given = parameters();
  given.out_trade_no = std::string(242, 'a');
  EXPECT_EQ(sent_for(given).second.size(), 255u); // checkout:::...:1
  scripted_client stripe({scripted_client::session()});
  for (const auto& [order, attempt] : std::vector<std::pair<std::string, int>>{
           {std::string(243, 'a'), 1}, {std::string(242, 'a'), 10}, {std::string(82, '/'), 1}}) {
    given.out_trade_no = order;
    given.attempt = attempt;
    const auto refused = stripe.client.create(given);
    ASSERT_EQ(error_code_of(refused), code::invalid_option) << order;
    EXPECT_THAT(refused.error().message, HasSubstr("out_trade_no"));
  }
  EXPECT_EQ(stripe.sent(), 0u);
}

// A second value for one of ours would leave it to Stripe which order a payment is for.
TEST(SessionClientCreate, RefusesFurtherParametersThatCollide) {
  sr::checkout_parameters given = parameters();
  given.line_items = {{"Rice", {400, "cny"}}};
  given.ui = sr::checkout_ui::form;
  given.return_url = "https://shop.test/r";
  given.redirect = sr::completion_redirect::if_required;
  given.lifetime = std::chrono::hours(1);
  given.attempt_started = 1774260000;
  scripted_client stripe({scripted_client::session()});
  for (const char* name :
       {"mode", "metadata[out_trade_no]", "metadata", "metadata[out_trade_no][]",
        "metadata[out_trade_no][x]", "payment_intent_data", "payment_intent_data[metadata]",
        "payment_intent_data[metadata][out_trade_no]", "line_items", "line_items[0]",
        "line_items[0][quantity]", "line_items[0][price_data]", "return_url", "ui_mode",
        "redirect_on_completion", "expires_at", "metadata[checkout_attempt]", "mode[]"}) {
    given.extra_parameters = {{"locale", "zh"}, {name, "CANARY"}};
    const auto refused = stripe.client.create(given);
    ASSERT_EQ(error_code_of(refused), code::invalid_option) << name;
    EXPECT_THAT(refused.error().message, HasSubstr("extra_parameters"));
    EXPECT_EQ(refused.error().message.find("CANARY"), std::string::npos);
  }
  EXPECT_EQ(stripe.sent(), 0u);
  for (const char* name :
       {"modes", "metadata[out_trade_n]", "metadata[out_trade_no2]", "success_url",
        "line_items[1][price]", "line_items[0][price_data][tax_behavior]",
        "line_items[10][quantity]", "payment_intent_data[description]"}) {
    given.extra_parameters = {{name, "1"}};
    EXPECT_TRUE(stripe.client.create(given)) << name;
  }
  // Without a PaymentIntent of its own there is nothing to collide with.
  given.mode = sr::session_mode::subscription;
  given.extra_parameters = {{"payment_intent_data[metadata][out_trade_no]", "B2"}};
  EXPECT_TRUE(stripe.client.create(given));
}

// What is more crooked, Stripe may read as the name of a parameter that stands there already.
TEST(SessionClientCreate, RefusesFurtherParametersWithoutAName) {
  scripted_client stripe({scripted_client::session()});
  for (const char* name : {"", "[", "]", "[metadata][out_trade_no]", "metadata]", "metadata[",
                           "metadata[x", "metadata[x]y", "metadata[x]]", "metadata[[x]]", "a[x][",
                           "a[x]b[c]", "a[x][y", "a[x[", "metadata]x]", "a[x]bc]"}) {
    sr::checkout_parameters given = parameters();
    given.extra_parameters = {{name, "1"}};
    const auto refused = stripe.client.create(given);
    ASSERT_EQ(error_code_of(refused), code::invalid_option) << name;
    EXPECT_THAT(refused.error().message, HasSubstr("extra_parameters"));
  }
  EXPECT_EQ(stripe.sent(), 0u);
}

TEST(SessionClientCreate, SendsTheSameAgain) {
  scripted_client stripe({scripted_client::failure(code::connection_lost),
                          scripted_client::status(409, "idempotency_key_in_use"),
                          scripted_client::session()});
  ASSERT_TRUE(stripe.client.create(parameters()));
  const auto requests = stripe.transport->requests();
  ASSERT_EQ(requests.size(), 3u);
  for (const sr::http_request& request : requests) {
    EXPECT_EQ(request.url, requests[0].url);
    EXPECT_EQ(request.form, requests[0].form);
    EXPECT_EQ(lines_of(request), lines_of(requests[0]));
  }
  EXPECT_EQ(stripe.clock->waits().size(), 2u);
}

// The call that began with the old key is a POST: another key would make it another call.
TEST(SessionClientCreate, FinishesACallWithTheKeyItBeganWith) {
  sr::session_client* client = nullptr;
  int sent = 0;
  scripted_client stripe([&](const sr::http_request&) {
    client->set_secret_key("rk_test_2");
    return ++sent == 1 ? scripted_client::status(500) : scripted_client::session();
  });
  client = &stripe.client;
  ASSERT_TRUE(stripe.client.create(parameters()));
  ASSERT_TRUE(stripe.client.create(parameters()));
  EXPECT_THAT(stripe.authorizations(),
              ElementsAre("Bearer sk_test_1", "Bearer sk_test_1", "Bearer rk_test_2"));
}

TEST(SessionClientCreate, KeepsOneDeadlineOverAllAttempts) {
  sr::testkit::fake_time* clock = nullptr;
  sr::client_options options = scripted_client::options();
  options.retry.max_retries = 5;
  scripted_client stripe(
      [&](const sr::http_request& request) {
        EXPECT_LE(request.timeout, options.attempt_timeout);
        EXPECT_LE(request.connect_timeout, options.connect_timeout);
        clock->advance(request.timeout);
        return scripted_client::failure(code::timed_out_waiting);
      },
      options);
  clock = stripe.clock.get();
  const auto begin = clock->now();
  EXPECT_EQ(error_code_of(stripe.client.create(parameters())), code::timed_out_waiting);
  EXPECT_LE(clock->now() - begin, options.deadline);
  EXPECT_GE(stripe.sent(), 2u);
}

scripted_client::answer error_from(int status, const std::string& error,
                                   std::vector<sr::http_header> headers = {}) {
  sr::http_response made = sr::testkit::stripe_response(status, R"({"error":)" + error + "}", 1);
  made.headers.insert(made.headers.end(), headers.begin(), headers.end());
  return made;
}

TEST(SessionClientCreate, TypesItsErrors) {
  const sr::http_header replayed{"idempotent-replayed", "true"};
  struct row {
    scripted_client::answer answer;
    code why;
    bool retryable;
  };
  for (const row& each : std::vector<row>{
           {error_from(400, R"({"type":"invalid_request_error"})"), code::bad_request, false},
           {error_from(400, R"({"type":"idempotency_error"})"), code::idempotency_mismatch, false},
           {error_from(409, R"({"type":"idempotency_error","code":"idempotency_key_in_use"})"),
            code::conflict, true},
           {error_from(403, R"({"type":"invalid_request_error"})"), code::permission_denied, false},
           {error_from(201, "{}"), code::unexpected_http_status, false},
           {error_from(500, R"({"type":"api_error"})"), code::stripe_unavailable, true},
           {error_from(500, R"({"type":"api_error"})", {{"idempotent-replayed", "false"}}),
            code::stripe_unavailable, true},
           {error_from(500, R"({"type":"api_error"})", {replayed}), code::replayed_failure, false},
           {error_from(400, R"({"type":"invalid_request_error"})", {replayed}),
            code::replayed_failure, false},
           {scripted_client::failure(code::connection_refused), code::connection_refused, true}}) {
    scripted_client stripe({each.answer});
    const auto refused = stripe.client.create(parameters());
    ASSERT_EQ(error_code_of(refused), each.why);
    EXPECT_EQ(refused.error().retryable(), each.retryable);
    if (each.answer) {
      EXPECT_EQ(refused.error().http_status, each.answer->status);
      EXPECT_EQ(refused.error().request_id, "req_scripted");
    }
  }
}

TEST(SessionClientCreate, RefusesAnAnswerThatIsNotTheOrdersSession) {
  const session_json whole;
  struct row {
    session_json json;
    code why;
  };
  for (const row& each : std::vector<row>{
           {session_json().set("object", quoted("event")), code::wrong_object},
           {session_json().drop("object"), code::wrong_object},
           {session_json().drop("id"), code::wrong_session},
           {session_json().set("id", quoted("pi_1")), code::wrong_session},
           {session_json().set("livemode", "true"), code::livemode_mismatch},
           {session_json().drop("metadata"), code::wrong_session},
           {session_json().set("metadata", R"({"out_trade_no":"A2"})"), code::wrong_session},
           {session_json().set("metadata", R"({"out_trade_no":"A1x"})"), code::wrong_session},
           {session_json().set("amount_total", quoted("400")), code::unexpected_type}}) {
    scripted_client stripe({scripted_client::session(each.json)});
    const auto refused = stripe.client.create(parameters());
    ASSERT_EQ(error_code_of(refused), each.why) << each.json.text();
    EXPECT_EQ(refused.error().http_status, 200);
    EXPECT_EQ(refused.error().request_id, "req_scripted");
    EXPECT_EQ(stripe.sent(), 1u);
  }
}

TEST(SessionClientCreate, SendsNothingWithABadConfiguration) {
  scripted_client stripe({scripted_client::session()}, scripted_client::options("pk_test_1"));
  EXPECT_EQ(error_code_of(stripe.client.create(parameters())), code::publishable_key);
  EXPECT_EQ(stripe.sent(), 0u);
}

TEST(SessionClientCreate, MakesLiveSessionsWithALiveKey) {
  scripted_client stripe(
      {scripted_client::session(
          session_json().set("id", quoted("cs_live_a1")).set("livemode", "true"))},
      scripted_client::options("sk_live_1"));
  EXPECT_TRUE(stripe.client.create(parameters()));
}

} // namespace
