#include <stripe_return/testkit/webhook_signer.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;
using sr::testkit::sign_webhook;

const std::string event = R"({"id":"evt_test_webhook","object":"event"})";

TEST(WebhookSigner, SignsAsStripe) {
  EXPECT_EQ(sign_webhook(event, "whsec_test_secret", 1700000000),
            "t=1700000000,v1=d95c6b7477fbd7e9f90b1b0ef5f9c7ac25abca5382460e0d988c2b2a5b71b990");
}

TEST(WebhookSigner, IsBelieved) {
  const sr::webhook_verifier verifier({{"current", "whsec_1"}}, sr::livemode::test);
  const auto answer = [&](const std::string& body, const std::string& header) {
    const auto verified = verifier.verify(body, header, 1700000000);
    return verified ? "" : to_string(verified.error().code);
  };
  const std::string body = R"({"id":"evt_1","object":"event","type":"charge.refunded",)"
                           R"("livemode":false,"data":{"object":{"object":"charge"}}})";
  EXPECT_EQ(answer(body, sign_webhook(body, "whsec_1", 1700000300)), "");
  EXPECT_EQ(answer(body, sign_webhook(body, "whsec_2", 1700000000)), "signature_mismatch");
  EXPECT_EQ(answer(body + " ", sign_webhook(body, "whsec_1", 1700000000)), "signature_mismatch");
  EXPECT_EQ(answer(body, sign_webhook(body, "whsec_1", 1700000301)), "signature_in_future");
}

} // namespace
