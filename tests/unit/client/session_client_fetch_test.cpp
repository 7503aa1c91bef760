// What session_client makes of the answers: identity, time, retries and the deadline.
#include "scripted_client.hpp"

#include "unit/core/error_code_of.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using std::chrono::milliseconds;

TEST(SessionClientFetch, HandsOverTheSession) {
  scripted_client stripe({scripted_client::session()});
  const auto fetched = stripe.retrieve();
  ASSERT_TRUE(fetched);
  EXPECT_EQ(fetched->session.id, "cs_test_a1");
  EXPECT_EQ(fetched->session.payment_status, sr::session_payment_status::paid);
  EXPECT_EQ(fetched->session.amount_total, 400);
  EXPECT_EQ(fetched->request_id, "req_scripted");
  EXPECT_TRUE(fetched->payment_intent_permitted);
}

struct identity_row {
  const char* what;
  session_json json;
  code why;
};

TEST(SessionClientFetch, RefusesAnAnswerThatIsNotWhatWasAskedFor) {
  const std::vector<identity_row> rows{
      {"another object", session_json().set("object", quoted("event")), code::wrong_object},
      {"a list", session_json().set("object", quoted("list")), code::wrong_object},
      {"no object", session_json().drop("object"), code::wrong_object},
      {"object null", session_json().set("object", "null"), code::wrong_object},
      {"object empty", session_json().set("object", quoted("")), code::wrong_object},
      {"another id", session_json().set("id", quoted("cs_test_b2")), code::wrong_session},
      {"longer", session_json().set("id", quoted("cs_test_a1x")), code::wrong_session},
      {"shorter", session_json().set("id", quoted("cs_test_a")), code::wrong_session},
      {"other case", session_json().set("id", quoted("cs_test_A1")), code::wrong_session},
      {"with a zero", session_json().set("id", quoted("cs_test_a1\\u0000")), code::wrong_session},
      {"no id", session_json().drop("id"), code::wrong_session},
      {"id null", session_json().set("id", "null"), code::wrong_session},
      {"live", session_json().set("livemode", "true"), code::livemode_mismatch},
      {"no livemode", session_json().drop("livemode"), code::livemode_mismatch},
      {"livemode null", session_json().set("livemode", "null"), code::livemode_mismatch},
      {"livemode text", session_json().set("livemode", quoted("false")), code::unexpected_type},
      {"amount text", session_json().set("amount_total", quoted("400")), code::unexpected_type},
      {"amount huge", session_json().set("amount_total", "1e30"), code::number_out_of_range},
  };
  for (const identity_row& row : rows) {
    SCOPED_TRACE(row.what);
    scripted_client stripe({scripted_client::session(row.json)});
    const auto fetched = stripe.retrieve();
    ASSERT_EQ(error_code_of(fetched), row.why);
    EXPECT_EQ(fetched.error().http_status, 200);
    EXPECT_EQ(fetched.error().request_id, "req_scripted");
    // The same bytes would come again.
    EXPECT_EQ(stripe.sent(), 1u);
  }
}

TEST(SessionClientFetch, HoldsLivemodeAgainstTheKey) {
  const session_json live = session_json().set("id", quoted("cs_a1")).set("livemode", "true");
  const session_json test = session_json().set("id", quoted("cs_a1"));
  struct row {
    const char* key;
    const session_json* answer;
    bool accepted;
  };
  for (const row& each : std::vector<row>{{"sk_live_1", &live, true},
                                          {"sk_live_1", &test, false},
                                          {"sk_test_1", &live, false},
                                          {"sk_test_1", &test, true}}) {
    scripted_client stripe({scripted_client::session(*each.answer)},
                           scripted_client::options(each.key));
    const auto fetched = stripe.retrieve("cs_a1");
    EXPECT_EQ(fetched.has_value(), each.accepted) << each.key;
    if (!fetched) {
      EXPECT_EQ(fetched.error().code, code::livemode_mismatch);
    }
  }
}

TEST(SessionClientFetch, RefusesBodiesThatAreNoSession) {
  struct row {
    const char* body;
    code why;
  };
  for (const row& each :
       std::vector<row>{{"", code::not_json},
                        {"<html>200</html>", code::not_json},
                        {"{", code::not_json},
                        {"null", code::wrong_object},
                        {"[]", code::wrong_object},
                        {"{}", code::wrong_object},
                        {R"({"object":"list","data":[],"has_more":false})", code::wrong_object},
                        {R"({"error":{"code":"resource_missing"}})", code::wrong_object},
                        {R"({"object":"checkout.session","id":"cs_test_a1","id":"cs_test_a1"})",
                         code::repeated_key}}) {
    scripted_client stripe({sr::testkit::stripe_response(200, each.body, 1)});
    const auto fetched = stripe.retrieve();
    ASSERT_EQ(error_code_of(fetched), each.why) << each.body;
    EXPECT_EQ(fetched.error().http_status, 200);
    EXPECT_EQ(fetched.error().request_id, "req_scripted");
  }
}

TEST(SessionClientFetch, TakesTheTimeFromStripe) {
  scripted_client stripe({scripted_client::session()});
  const auto fetched = stripe.retrieve();
  ASSERT_TRUE(fetched);
  EXPECT_EQ(fetched->time, scripted_client::stripe_time);
  EXPECT_EQ(fetched->clock, sr::clock_source::stripe);
}

TEST(SessionClientFetch, TakesTheLocalTimeWhereStripeSendsNone) {
  for (const std::vector<sr::http_header>& headers :
       {std::vector<sr::http_header>{}, std::vector<sr::http_header>{{"date", "soon"}},
        std::vector<sr::http_header>{{"date", ""}}}) {
    scripted_client stripe({sr::http_response{200, headers, session_json().text()}});
    stripe.clock->advance(std::chrono::seconds(90));
    const auto fetched = stripe.retrieve();
    ASSERT_TRUE(fetched);
    EXPECT_EQ(fetched->time, scripted_client::local_time + 90);
    EXPECT_EQ(fetched->clock, sr::clock_source::local);
    EXPECT_EQ(fetched->request_id, "");
  }
}

TEST(SessionClientFetch, TurnsEveryStatusIntoItsError) {
  struct row {
    int status;
    const char* stripe_code;
    code why;
  };
  for (const row& each : std::vector<row>{{400, "parameter_unknown", code::bad_request},
                                          {400, "rate_limit", code::rate_limited},
                                          {401, "", code::unauthorized},
                                          {403, "", code::permission_denied},
                                          {404, "resource_missing", code::session_not_found},
                                          {409, "", code::conflict},
                                          {424, "", code::dependency_failed},
                                          {429, "rate_limit", code::rate_limited},
                                          {429, "lock_timeout", code::lock_timeout},
                                          {500, "", code::stripe_unavailable},
                                          {503, "", code::stripe_unavailable},
                                          {201, "", code::unexpected_http_status},
                                          {204, "", code::unexpected_http_status},
                                          {302, "", code::unexpected_http_status}}) {
    scripted_client stripe({scripted_client::status(each.status, each.stripe_code)});
    const auto fetched = stripe.retrieve();
    ASSERT_EQ(error_code_of(fetched), each.why) << each.status;
    EXPECT_EQ(fetched.error().http_status, each.status);
    EXPECT_EQ(fetched.error().stripe_code, each.stripe_code);
    EXPECT_EQ(fetched.error().request_id, "req_scripted");
  }
}

TEST(SessionClientFetch, PassesFailuresOfTheTransportThrough) {
  for (const code why : {code::tls_wrong_host, code::response_too_large, code::unreadable_ca_file,
                         code::connection_refused, code::timed_out_waiting}) {
    scripted_client stripe({scripted_client::failure(why)});
    EXPECT_EQ(error_code_of(stripe.retrieve()), why);
  }
}

TEST(SessionClientFetch, TriesAgainAndPausesInBetween) {
  scripted_client stripe({scripted_client::failure(code::connection_lost),
                          scripted_client::status(500), scripted_client::session()});
  EXPECT_TRUE(stripe.retrieve());
  EXPECT_EQ(stripe.sent(), 3u);
  const auto pauses = stripe.clock->waits();
  ASSERT_EQ(pauses.size(), 2u);
  EXPECT_EQ(pauses[0], milliseconds(500));
  EXPECT_GE(pauses[1], milliseconds(500));
  EXPECT_LE(pauses[1], milliseconds(1000));
  for (const sr::http_request& request : stripe.transport->requests())
    EXPECT_EQ(request.url, stripe.urls().front());
}

TEST(SessionClientFetch, JittersItsPauses) {
  std::vector<milliseconds> pauses;
  for (int call = 0; call < 50; ++call) {
    sr::client_options options = scripted_client::options();
    options.retry = {2, milliseconds(1), milliseconds(600000)};
    options.retry.first_delay = milliseconds(1000);
    scripted_client stripe({scripted_client::status(500)}, options);
    EXPECT_FALSE(stripe.retrieve());
    ASSERT_EQ(stripe.clock->waits().size(), 2u);
    pauses.push_back(stripe.clock->waits()[1]);
  }
  // Fifty equal draws out of a thousand do not happen.
  EXPECT_NE(*std::min_element(pauses.begin(), pauses.end()),
            *std::max_element(pauses.begin(), pauses.end()));
}

TEST(SessionClientFetch, GivesUpAfterMaxRetries) {
  for (const int retries : {0, 1, 2}) {
    sr::client_options options = scripted_client::options();
    options.retry.max_retries = retries;
    scripted_client stripe({scripted_client::status(500)}, options);
    EXPECT_EQ(error_code_of(stripe.retrieve()), code::stripe_unavailable);
    EXPECT_EQ(stripe.sent(), static_cast<std::size_t>(retries + 1));
  }
}

TEST(SessionClientFetch, DoesNotRetryWhatStaysRefused) {
  for (const auto& answer :
       {scripted_client::status(404), scripted_client::status(401), scripted_client::status(429),
        scripted_client::status(424), scripted_client::failure(code::tls_unknown_ca)}) {
    scripted_client stripe({answer});
    EXPECT_FALSE(stripe.retrieve());
    EXPECT_EQ(stripe.sent(), 1u);
    EXPECT_TRUE(stripe.clock->waits().empty());
  }
}

// Each attempt uses up all the time it was given, as with a server that never answers.
TEST(SessionClientFetch, KeepsOneDeadlineOverAllAttempts) {
  for (const milliseconds deadline : {milliseconds(1), milliseconds(4300), milliseconds(10000),
                                      milliseconds(12000), milliseconds(600000)}) {
    SCOPED_TRACE(deadline.count());
    sr::client_options options = scripted_client::options();
    options.deadline = deadline;
    options.retry.max_retries = 5;
    sr::testkit::fake_time* clock = nullptr;
    scripted_client stripe(
        [&](const sr::http_request& request) {
          EXPECT_GT(request.timeout, milliseconds(0)); // libcurl's word for no limit
          EXPECT_LE(request.timeout, options.attempt_timeout);
          EXPECT_LE(request.connect_timeout, request.timeout);
          clock->advance(request.timeout);
          return scripted_client::failure(code::timed_out_waiting);
        },
        options);
    clock = stripe.clock.get();
    const auto begin = clock->now();
    EXPECT_EQ(error_code_of(stripe.retrieve()), code::timed_out_waiting);
    EXPECT_LE(clock->now() - begin, deadline);
  }
}

// With the defaults a dead connection costs one attempt, and a second one has its full time.
TEST(SessionClientFetch, LeavesTimeForASecondAttempt) {
  sr::testkit::fake_time* clock = nullptr;
  scripted_client stripe([&](const sr::http_request& request) {
    const bool first = clock->waits().empty();
    clock->advance(first ? request.timeout : milliseconds(0));
    if (first) return scripted_client::failure(code::timed_out_waiting);
    EXPECT_EQ(request.timeout, milliseconds(4000));
    return scripted_client::session();
  });
  clock = stripe.clock.get();
  EXPECT_TRUE(stripe.retrieve());
}

// The deadline is each call's own.
TEST(SessionClientFetch, BeginsTheDeadlineAnewForEachCall) {
  scripted_client stripe({scripted_client::session()});
  for (int call = 0; call < 3; ++call) {
    EXPECT_TRUE(stripe.retrieve());
    stripe.clock->advance(std::chrono::minutes(5));
  }
  for (const sr::http_request& request : stripe.transport->requests())
    EXPECT_EQ(request.timeout, milliseconds(4000));
}

} // namespace
