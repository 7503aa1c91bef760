#include "testkit/fake_stripe/idempotency.hpp"

#include "testkit/fake_stripe/api_error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace stripe_return::fake;

constexpr stripe_return::unix_seconds now = 1800000000;
const std::string own = "acct_1";

request asked(const std::string& path = "/v1/a", const std::string& body = "x=1") {
  request made;
  made.method = "POST";
  made.path = path;
  made.body = body;
  made.idempotency_key = "key";
  return made;
}

api_error refusal_of(idempotency& used, const request& request) {
  try {
    used.begin(request, own, now);
  } catch (const api_error& error) {
    return error;
  }
  ADD_FAILURE() << "it was accepted";
  return {};
}

TEST(Idempotency, SavesTheFirstAnswerForADay) {
  idempotency used;
  ASSERT_FALSE(used.begin(asked(), own, now));
  response answer;
  answer.status = 500;
  answer.body = "first";
  used.save(asked(), own, answer);
  EXPECT_EQ(used.begin(asked(), own, now).value().body, "first");
  EXPECT_EQ(used.begin(asked(), own, now + 24 * 60 * 60).value().status, 500);
  EXPECT_FALSE(used.begin(asked(), own, now + 24 * 60 * 60 + 1));
}

TEST(Idempotency, RefusesAKeyThatIsInFlight) {
  idempotency used;
  ASSERT_FALSE(used.begin(asked(), own, now));
  const api_error error = refusal_of(used, asked());
  EXPECT_EQ(error.status, 409);
  EXPECT_EQ(error.code, "idempotency_key_in_use");
}

TEST(Idempotency, RefusesAnotherRequestWithTheSameKey) {
  idempotency used;
  ASSERT_FALSE(used.begin(asked(), own, now));
  used.save(asked(), own, {});
  for (const request& other : {asked("/v1/a", "x=2"), asked("/v1/b")}) {
    const api_error error = refusal_of(used, other);
    EXPECT_EQ(error.status, 400);
    EXPECT_EQ(error.type, "idempotency_error");
  }
}

TEST(Idempotency, ForgetsARequestThatWasNotBegun) {
  idempotency used;
  ASSERT_FALSE(used.begin(asked(), own, now));
  used.forget(asked(), own);
  EXPECT_FALSE(used.begin(asked("/v1/a", "x=2"), own, now));
}

TEST(Idempotency, KnowsAKeyOfOneAccountAlone) {
  idempotency used;
  ASSERT_FALSE(used.begin(asked(), own, now));
  EXPECT_FALSE(used.begin(asked("/v1/a", "x=2"), "acct_2", now));
}

TEST(Idempotency, RefusesAKeyOf256Characters) {
  idempotency used;
  request long_key = asked();
  long_key.idempotency_key = std::string(255, 'k');
  EXPECT_FALSE(used.begin(long_key, own, now));
  long_key.idempotency_key += 'k';
  EXPECT_EQ(refusal_of(used, long_key).status, 400);
}

} // namespace
