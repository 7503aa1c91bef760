// Any page that a developer opens can have the browser send something to 127.0.0.1.
#include "shop.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace {

namespace sr = stripe_return;
using json = nlohmann::json;
using testing::HasSubstr;

class ControlAccess : public testing::Test {
protected:
  // A form of a page, which can be sent to any origin without its consent.
  httplib::Result post(const httplib::Headers& headers) const {
    return httplib::Client(stripe_.url())
        .Post("/_fake/clock", headers, R"({"advance":60})", "text/plain");
  }

  // Refused in words, whatever the method is, and nothing happens.
  void expect_refusal(const httplib::Headers& headers, const std::string& header) const {
    const json before = shop_.look("/webhooks");
    const std::int64_t now = shop_.look("/clock").at("now");
    httplib::Client client(stripe_.url());
    for (const httplib::Result& answer :
         {post(headers),
          client.Post("/%5Ffake/webhooks", headers, R"({"url":"http://127.0.0.1:9","secret":"x"})",
                      "text/plain"),
          client.Get("/_fake/requests", headers), client.Delete("/_fake/faults", headers)}) {
      ASSERT_TRUE(answer);
      EXPECT_EQ(answer->status, 403);
      EXPECT_EQ(answer->get_header_value("Content-Type"), "application/json");
      const json body = json::parse(answer->body);
      EXPECT_THAT(body.at("error").at("message").get<std::string>(), HasSubstr(header));
    }
    EXPECT_LT(shop_.look("/clock").at("now").get<std::int64_t>(), now + 60);
    EXPECT_EQ(shop_.look("/webhooks"), before);
  }

  void expect_obeyed(const httplib::Headers& headers) const {
    const httplib::Result answer = post(headers);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200) << answer->body;
  }

  std::string authority() const { return stripe_.url().substr(stripe_.url().find("://") + 3); }
  std::string port() const { return authority().substr(authority().find(':')); }

  sr::fake_stripe_server stripe_;
  shop shop_{stripe_.url()};
};

TEST_F(ControlAccess, IsForClientsThatSendNoOrigin) {
  expect_obeyed({});
  for (const std::string& host :
       {"127.0.0.1" + port(), "localhost" + port(), "[::1]" + port(), "LocalHost" + port(),
        std::string("127.0.0.1"), std::string("localhost"), std::string("[::1]"),
        std::string("127.0.0.2:4242")}) {
    SCOPED_TRACE(host);
    expect_obeyed({{"Host", host}});
  }
}

// A page of evil.example whose name leads to 127.0.0.1 by now is of the same origin to its browser.
TEST_F(ControlAccess, IsNotForAHostOfAnotherName) {
  for (const std::string& host :
       {"evil.example" + port(), std::string("evil.example"), std::string("localhost.evil.example"),
        std::string("127.0.0.1.evil.example"), std::string("127.0.0.1@evil.example"),
        std::string("127.0.0.1/evil.example"), std::string("127.0.0.1:80:80"), std::string("[::1"),
        std::string("[::2]"), std::string("192.0.2.1"), std::string("0.0.0.0"), std::string("")}) {
    SCOPED_TRACE(host);
    expect_refusal({{"Host", host}}, "Host");
    expect_refusal({{"Host", host}, {"Origin", "http://" + host}}, "Host");
  }
}

TEST_F(ControlAccess, IsNotForAPageOfAnotherOrigin) {
  for (const std::string& origin :
       {std::string("https://evil.example"), "http://evil.example" + port(), std::string("null"),
        std::string("http://127.0.0.1"), "http://localhost" + port(), stripe_.url() + "0",
        stripe_.url() + ".evil.example", stripe_.url() + "/", authority(), "file://" + authority(),
        std::string("http://127.0.0.1:1")}) {
    SCOPED_TRACE(origin);
    expect_refusal({{"Origin", origin}}, "Origin");
  }
}

TEST_F(ControlAccess, IsForItsOwnPages) {
  expect_obeyed({{"Origin", stripe_.url()}, {"Sec-Fetch-Site", "same-origin"}});
  expect_obeyed({{"Host", "localhost" + port()}, {"Origin", "http://localhost" + port()}});
  expect_obeyed({{"Host", "localhost" + port()}, {"Origin", "https://localhost" + port()}});
  expect_obeyed({{"Sec-Fetch-Site", "none"}}); // typed into the address bar
}

TEST_F(ControlAccess, IsNotForAPageOfAnotherSite) {
  expect_refusal({{"Sec-Fetch-Site", "cross-site"}}, "Sec-Fetch-Site");
  expect_refusal({{"Origin", stripe_.url()}, {"Sec-Fetch-Site", "cross-site"}}, "Sec-Fetch-Site");
}

// The customer comes there from the shop.
TEST_F(ControlAccess, DoesNotConcernThePaymentPage) {
  const json session = shop_.create();
  const std::string page = "/c/pay/" + session.at("id").get<std::string>();
  httplib::Client browser(stripe_.url());
  EXPECT_EQ(browser.Get(page, {{"Sec-Fetch-Site", "cross-site"}})->status, 200);
  const httplib::Headers own = {{"Origin", stripe_.url()}, {"Sec-Fetch-Site", "same-origin"}};
  EXPECT_EQ(browser.Post(page, own, "action=pay", "application/x-www-form-urlencoded")->status,
            303);
}

} // namespace
