// async_session_client where the server speaks HTTP/2.
#include "poll_driver.hpp"

#include <gmock/gmock.h>

namespace {

namespace sr = stripe_return;

template <class Driver> class Http2 : public Engine<Driver> {
protected:
  loopback::server_options http_2(loopback::handler respond) {
    loopback::server_options options = this->https(std::move(respond));
    options.http_2 = true;
    return options;
  }
  // Has the fault for sessions whose id says so.
  loopback::server_options failing(loopback::fault what) {
    return http_2([what](const auto& asked) {
      auto answer = session_reply(asked);
      if (id_asked(asked).compare(0, 13, "cs_test_fault") == 0) answer.fault = what;
      return answer;
    });
  }
};
using drivers = testing::Types<thread_driver, poll_driver>;
TYPED_TEST_SUITE(Http2, drivers);

TYPED_TEST(Http2, CarriesAllOnOneConnection) {
  loopback::gate gate;
  const loopback::https_server server(this->http_2([&](const auto& asked) {
    gate.pass();
    return session_reply(asked);
  }));
  const auto stripe = this->client_for(server.url());
  for (int i = 0; i < 100; ++i)
    this->call(*stripe, "cs_test_" + std::to_string(i));
  gate.open();
  this->wait_for(100);
  EXPECT_EQ(this->inbox_.count("session"), 100u);
  EXPECT_EQ(this->inbox_.answer("cs_test_42")->session.id, "cs_test_42");
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(server.received()[0].version, "HTTP/2");
  EXPECT_EQ(server.received()[0].header("authorization"), "Bearer sk_test_1");
}

// Of the connection, and so of all its streams.
TYPED_TEST(Http2, ServesOnAfterEachFault) {
  struct row {
    loopback::fault fault;
    const char* outcome;
  };
  for (const row& each : std::vector<row>{
           {loopback::fault::cut_in_body, "connection_lost"},
           {loopback::fault::close_before_reply, "connection_lost"},
           {loopback::fault::half_close_before_reply, "connection_lost"},
           {loopback::fault::reset_before_reply, "connection_lost"},
           {loopback::fault::reset_stream, "connection_lost"},
           {loopback::fault::close_after_reply, "session"},
           {loopback::fault::stall_before_reply, "timed_out_waiting"},
           {loopback::fault::stall_after_headers, "timed_out_receiving"},
           {loopback::fault::stall_in_body, "timed_out_receiving"},
       }) {
    SCOPED_TRACE(each.outcome);
    SCOPED_TRACE(static_cast<int>(each.fault));
    const loopback::https_server server(this->failing(each.fault));
    const auto stripe = this->client_for(server.url());
    const std::string number = std::to_string(static_cast<int>(each.fault));
    EXPECT_EQ(this->outcome(*stripe, "cs_test_before" + number), "session");
    sr::async_retrieve_options how;
    if (std::string(each.outcome).compare(0, 9, "timed_out") == 0) how.deadline = loopback::soon;
    EXPECT_EQ(this->outcome(*stripe, "cs_test_fault" + number, how), each.outcome);
    EXPECT_EQ(this->outcome(*stripe, "cs_test_after" + number), "session");
  }
}

// The server takes no more requests on this connection. What it did not look at is asked again, on
// another.
TYPED_TEST(Http2, GoesOnElsewhereAfterGoaway) {
  std::atomic<int> refused{0};
  const loopback::https_server server(this->http_2([&](const auto& asked) {
    auto answer = session_reply(asked);
    if (asked.connection == 1 && asked.number == 3) {
      ++refused;
      answer.fault = loopback::fault::goaway_before_reply;
    }
    return answer;
  }));
  auto options = this->options_for(server.url());
  options.retry = {1, std::chrono::milliseconds(1), std::chrono::milliseconds(1)};
  const auto stripe = this->driver_.make(options, this->unlimited());
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(this->outcome(*stripe, "cs_test_" + std::to_string(i)), "session");
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(server.connections(), 2);
}

TYPED_TEST(Http2, OneStreamThatStallsHoldsNoOther) {
  const loopback::https_server server(this->failing(loopback::fault::stall_before_reply));
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
  EXPECT_EQ(server.connections(), 1);
}

// A server that was asked for HTTP/2 and speaks 1.1 gets a connection for each request.
TYPED_TEST(Http2, IsNotNeeded) {
  loopback::gate gate;
  const loopback::https_server server(this->https([&](const auto& asked) {
    gate.pass();
    return session_reply(asked);
  }));
  const auto stripe = this->client_for(server.url());
  for (int i = 0; i < 5; ++i)
    this->call(*stripe, "cs_test_" + std::to_string(i));
  this->driver_.run_until([&] { return server.requests() == 5; });
  gate.open();
  this->wait_for(5);
  EXPECT_EQ(this->inbox_.count("session"), 5u);
  EXPECT_EQ(server.connections(), 5);
}

} // namespace
