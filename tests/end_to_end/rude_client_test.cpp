// What browsers, and whoever else has found the port, can do to the endpoints of
// examples/endpoints.
#include "end_to_end/endpoint_fixture.hpp"
#include "end_to_end/raw_connection.hpp"

#include <stripe_return/testkit/session_builder.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <list>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace sr = stripe_return;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::string get(const std::string& target, const std::string& headers = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: shop\r\n" + headers + "\r\n";
}
std::string post(const std::string& target, const std::string& headers,
                 const std::string& body = {}) {
  return "POST " + target + " HTTP/1.1\r\nHost: shop\r\n" + headers + "\r\n" + body;
}
std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (; times > 0; --times)
    all += text;
  return all;
}

std::size_t answers_in(const std::string& text) {
  std::size_t count = 0;
  for (auto at = text.find("HTTP/1.1 "); at != text.npos; at = text.find("HTTP/1.1 ", at + 1))
    ++count;
  return count;
}

constexpr std::size_t mebibyte = 1024 * 1024;

class RudeClient : public endpoint_fixture {
protected:
  using endpoint_fixture::endpoint_fixture;

  bool is(const char* name) const { return GetParam().name == std::string(name); }
  shop::json paid() {
    const shop::json session = sell();
    shop_.apply(session, "pay");
    return session;
  }
  std::string paid_return() { return link_of(paid()); }
  void expect_served() { expect_page(visit(paid_return()), 200, thanks); }
  // And by the process that was started.
  void expect_still_served() {
    expect_served();
    EXPECT_EQ(program_.end(SIGKILL), -SIGKILL) << "it had ended before";
  }
  void stall_stripe() { shop_.commanded("/faults", {{"kind", "stall"}, {"method", "GET"}}); }
  // For the session, by an endpoint that was not asked about it before.
  void wait_until_stripe_is_asked(const shop::json& session) {
    const std::string path = shop::path_of(session);
    const auto asks = [&](const shop::json& request) {
      return request.at("method") == "GET" && request.at("path") == path;
    };
    for (bool asked = false; !asked; std::this_thread::yield()) {
      const shop::json requests = shop_.look("/requests").at("data");
      asked = std::any_of(requests.begin(), requests.end(), asks);
    }
  }
  std::size_t most_memory() const { // in KiB, since it started
    std::ifstream status("/proc/" + std::to_string(program_.id()) + "/status");
    std::string word;
    while (status >> word && word != "VmHWM:") {
    }
    std::size_t size = 0;
    status >> size;
    return size;
  }
};

TEST_P(RudeClient, AsksForAllAtOnce) {
  const auto answers = [&](const std::string& requests) {
    raw_connection browser(url_);
    browser.send(requests);
    return browser.rest();
  };
  const std::string last = "Connection: close\r\n";
  const std::string target = paid_return();
  const std::string two = answers(get(target) + get(target, last));
  EXPECT_THAT(two, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(two, HasSubstr(thanks));
  EXPECT_THAT(answers_in(two), AnyOf(1, 2));

  const std::string many = answers(repeated(get("/"), 499) + get("/", last));
  EXPECT_THAT(many, StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(answers_in(many), AnyOf(1, 500));

  const std::string event =
      sr::testkit::session_builder().paid().out_trade_no(order).event("checkout.session.completed");
  const std::string signature = sr::testkit::sign_webhook(
      event, "whsec_test", static_cast<sr::unix_seconds>(std::time(nullptr)));
  const std::string mixed =
      answers(get("/") + post("/webhook",
                              last + "Stripe-Signature: " + signature +
                                  "\r\nContent-Length: " + std::to_string(event.size()) + "\r\n",
                              event));
  EXPECT_THAT(mixed, StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(answers_in(mixed), AnyOf(1, 2));
  if (answers_in(mixed) == 2) {
    EXPECT_THAT(mixed, HasSubstr("HTTP/1.1 200"));
  }
  expect_still_served();
}

TEST_P(RudeClient, SendsHalfARequest) {
  std::list<raw_connection> browsers;
  for (int i = 0; i < 25; ++i) {
    for (const std::string& half :
         {std::string(), std::string("GET /stripe_re"), std::string("GET / HTTP/1.1\r\nHost: sh"),
          post("/webhook", "Content-Length: 100\r\n", "{")})
      browsers.emplace_back(url_).send(half);
  }
  expect_served();
  EXPECT_TRUE(std::any_of(browsers.begin(), browsers.end(), [](const raw_connection& each) {
    return each.is_open();
  })) << "it waited for the halves";
  for (raw_connection& each : browsers)
    EXPECT_THAT(each.rest(), AnyOf(IsEmpty(), StartsWith("HTTP/1.1 4")));
  expect_still_served();
}

TEST_P(RudeClient, AsksOnWhileStripeIsSlow) {
  const shop::json session = paid();
  stall_stripe();
  raw_connection browser(url_);
  browser.send(get(link_of(session)) + get("/", "Connection: close\r\n"));
  wait_until_stripe_is_asked(session);
  shop_.clear_faults();
  const std::string answers = browser.rest();
  EXPECT_THAT(answers, StartsWith("HTTP/1.1 200")) << "the first one's answer comes first";
  EXPECT_THAT(answers, HasSubstr(thanks));
  expect_still_served();
}

TEST_P(RudeClient, HalfClosesWhileStripeIsSlow) {
  const shop::json session = paid();
  stall_stripe();
  raw_connection browser(url_);
  browser.send(get(link_of(session)));
  browser.half_close();
  wait_until_stripe_is_asked(session);
  shop_.clear_faults();
  EXPECT_THAT(browser.rest(),
              AnyOf(IsEmpty(), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr(thanks))));
  expect_still_served();
}

// After a half-close, the first byte of the answer already raises SIGPIPE.
TEST_P(RudeClient, GoesWhileStripeIsSlow) {
  for (const bool half_closed : {false, true}) {
    SCOPED_TRACE(half_closed);
    const shop::json session = paid();
    stall_stripe();
    raw_connection browser(url_);
    browser.send(get(link_of(session)));
    if (half_closed) browser.half_close();
    wait_until_stripe_is_asked(session);
    browser.reset();
    shop_.clear_faults(); // then it writes to whoever has gone
    EXPECT_EQ(program_.line(), effect_of(session.at("metadata").at("out_trade_no")));
    expect_served();
    EXPECT_THAT(program_.line(), StartsWith("fulfill "));
  }
  expect_still_served();
}

TEST_P(RudeClient, NeverReads) {
  std::list<raw_connection> browsers;
  // So many that their answers fill what the system keeps for a browser.
  const std::string questions = repeated(get("/"), 30000);
  for (int i = 0; i < 2; ++i)
    browsers.emplace_back(url_, 2048).send(questions);
  expect_served();
  for (raw_connection& each : browsers)
    each.wait_until_ended();
  expect_still_served();
}

// AddressSanitizer does, so that it finds who uses it still.
#if defined(__has_feature)
constexpr bool keeps_what_is_freed = __has_feature(address_sanitizer);
#else
constexpr bool keeps_what_is_freed = false;
#endif

TEST_P(RudeClient, SendsTooMuch) {
  expect_served();
  const std::size_t before = most_memory();
  struct flood {
    std::string begins;
    std::string goes_on_by;
    std::size_t times;
  };
  const std::string signature = "Stripe-Signature: t=1,v1=00\r\n";
  const std::string chunk = "10000\r\n" + std::string(0x10000, 'a') + "\r\n";
  std::vector<flood> floods{
      {get(std::string(100 * 1024, 'a')), "", 0},
      {get("/", "Cookie: " + std::string(100 * 1024, 'a') + "\r\n"), "", 0},
      {get("/", "Cookie: " + std::string(10 * mebibyte, 'a') + "\r\n"), "", 0},
      {post("/webhook", signature + "Content-Length: 2097152\r\n", std::string(2 * mebibyte, 'a')),
       "", 0},
      {post("/webhook", signature + "Content-Length: 104857600\r\n"), std::string(mebibyte, 'a'),
       64},
      {post("/webhook", signature + "Transfer-Encoding: chunked\r\n"), chunk, 1024},
      {post("/", "Transfer-Encoding: chunked\r\n"), chunk, 1024},
  };
  // cpp-httplib limits the length of each header but not their number, and has no place to do so.
  if (!is("cpp_httplib")) {
    const std::string header = "A: " + std::string(4000, 'a') + "\r\n";
    floods.push_back({"GET / HTTP/1.1\r\n", repeated(header, 256), 64});
  }
  std::list<raw_connection> clients;
  for (const flood& each : floods) {
    raw_connection& client = clients.emplace_back(url_);
    bool taken = client.send(each.begins);
    for (std::size_t i = 0; i < each.times && taken; ++i)
      taken = client.send(each.goes_on_by);
  }
  expect_served();
  for (raw_connection& each : clients) {
    each.half_close();
    EXPECT_THAT(each.rest(), AnyOf(IsEmpty(), StartsWith("HTTP/1.1 4")));
  }
  if (!keeps_what_is_freed) {
    EXPECT_LT(most_memory(), before + 40 * 1024);
  }
  expect_still_served();
}

INSTANTIATE_TEST_SUITE_P(Of, RudeClient, testing::ValuesIn(endpoint_programs), name_of_endpoint);

constexpr int few_descriptors = 128;

class ManyRudeClients : public RudeClient {
protected:
  ManyRudeClients()
      : RudeClient("/bin/sh", {"-c", "ulimit -n \"$0\"; exec \"$@\"",
                               std::to_string(few_descriptors), GetParam().path}) {}
  std::ptrdiff_t descriptors() const {
    const std::filesystem::directory_iterator all("/proc/" + std::to_string(program_.id()) + "/fd");
    return std::distance(begin(all), end(all));
  }
};

TEST_P(ManyRudeClients, TakesEveryDescriptor) {
  {
    std::list<raw_connection> browsers;
    while (browsers.size() < 2 * few_descriptors)
      browsers.emplace_back(url_);
    while (descriptors() < few_descriptors)
      std::this_thread::yield();
  }
  visit("/"); // is accepted after all who are still waiting for a descriptor
  while (descriptors() > few_descriptors * 3 / 4) // without one, it can only answer 503
    std::this_thread::yield();
  expect_still_served();
}

INSTANTIATE_TEST_SUITE_P(Of, ManyRudeClients, testing::ValuesIn(endpoint_programs),
                         name_of_endpoint);

} // namespace
