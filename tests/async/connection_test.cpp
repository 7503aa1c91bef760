// async_session_client and its connections: each carries one request at a time.
#include "poll_driver.hpp"

#include <gmock/gmock.h>

namespace {

template <class Driver> class Connection : public AsyncClient<Driver> {
protected:
  // Has the fault for sessions whose id says so.
  loopback::server_options failing(loopback::fault what) {
    return this->https([what](const auto& asked) {
      auto answer = session_response(asked);
      if (id_asked(asked).compare(0, 13, "cs_test_fault") == 0) answer.fault = what;
      return answer;
    });
  }
};
using drivers = testing::Types<thread_driver, poll_driver>;
TYPED_TEST_SUITE(Connection, drivers);

TYPED_TEST(Connection, ThatStallsHoldsNoOther) {
  const loopback::https_server server(this->failing(loopback::fault::stall_before_response));
  const auto stripe = this->client_for(server.url());
  EXPECT_EQ(this->outcome(*stripe, "cs_test_first"), "session");
  const auto stalled = this->call(*stripe, "cs_test_fault1");
  this->call(*stripe, "cs_test_fault2");
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(this->outcome(*stripe, "cs_test_" + std::to_string(i)), "session");
  stalled.cancel();
  this->driver_.run_until([&] { return this->inbox_.has("cs_test_fault1"); });
  EXPECT_EQ(this->inbox_.outcome("cs_test_fault1"), "canceled");
  EXPECT_EQ(this->inbox_.outcome("cs_test_fault2"), "waits");
  EXPECT_EQ(this->outcome(*stripe, "cs_test_last"), "session");
  EXPECT_EQ(server.connections(), 3); // two of them stalled
}

TYPED_TEST(Connection, IsMadeForEachCallInFlight) {
  loopback::gate gate;
  const loopback::https_server server(this->https([&](const auto& asked) {
    gate.pass();
    return session_response(asked);
  }));
  const auto stripe = this->client_for(server.url());
  for (int i = 0; i < 5; ++i)
    this->call(*stripe, "cs_test_" + std::to_string(i));
  this->driver_.run_until([&] { return server.requests() == 5; });
  gate.open();
  this->wait_for(5);
  EXPECT_EQ(this->inbox_.count("session"), 5u);
  EXPECT_EQ(server.connections(), 5);
  EXPECT_EQ(server.received()[0].version, "HTTP/1.1");
  EXPECT_EQ(server.received()[0].header("authorization"), "Bearer sk_test_1");
}

} // namespace
