// How the client fails, and that it is none the worse for it, whoever drives it: see
// client_cases.hpp.
#pragma once

#include "client_fixture.hpp"

#include "loopback/closed_ports.hpp"
#include "loopback/descriptor_limit.hpp"

template <class Driver> class AsyncClientFailureCases : public AsyncClient<Driver> {
protected:
  enum class limit { of_the_call, of_the_attempt };

  // A busy computer may not come to the phase in which the call is to time out; then it gets more
  // time.
  std::string timeout_of(const std::string& url, limit what, stripe_return::error_code why) {
    for (std::chrono::milliseconds timeout = loopback::soon;; timeout *= 4) {
      auto options = this->options_for(url);
      (what == limit::of_the_call ? options.deadline : options.attempt_timeout) = timeout;
      const auto stripe = this->driver_.make(options);
      const std::string id = "cs_test_" + std::to_string(++calls_);
      const std::string outcome = this->outcome(*stripe, id);
      const auto answer = this->inbox_.answer(id);
      const int phase = answer ? 0 : loopback::phase_timed_out(answer.error().code);
      const bool too_early = phase != 0 && phase < loopback::phase_timed_out(why);
      if (!too_early || timeout > loopback::soon * 100) return outcome;
    }
  }
  void expect_timeout(const std::string& url, stripe_return::error_code why) {
    EXPECT_EQ(timeout_of(url, limit::of_the_call, why), to_string(why));
    EXPECT_EQ(timeout_of(url, limit::of_the_attempt, why), to_string(why));
  }

private:
  int calls_ = 0;
};
TYPED_TEST_SUITE_P(AsyncClientFailureCases);

// The server has a fault for some sessions: whatever it was, the next call of the client succeeds.
TYPED_TEST_P(AsyncClientFailureCases, ServesOnAfterEachFault) {
  struct row {
    loopback::fault fault;
    const char* outcome;
  };
  const std::vector<row> rows{
      {loopback::fault::cut_in_body, "connection_lost"},
      {loopback::fault::close_before_response, "connection_lost"},
      {loopback::fault::half_close_before_response, "connection_lost"},
      {loopback::fault::reset_before_response, "connection_lost"},
      {loopback::fault::close_after_response, "session"},
      {loopback::fault::stall_before_response, "timed_out_waiting"},
      {loopback::fault::stall_in_body, "timed_out_receiving"},
  };
  const loopback::https_server server(this->https([&](const auto& asked) {
    auto answer = session_response(asked);
    const std::string id = id_asked(asked);
    if (id.compare(0, 13, "cs_test_fault") == 0)
      answer.fault = rows[std::stoul(id.substr(13))].fault;
    return answer;
  }));
  const auto stripe = this->client_for(server.url());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    stripe_return::retrieve_options how;
    // A connection is there already, so that this is time enough to come to the fault.
    if (i >= 5) how.deadline = loopback::soon;
    const std::string number = std::to_string(i);
    ASSERT_EQ(this->outcome(*stripe, "cs_test_before" + number), "session");
    EXPECT_EQ(this->outcome(*stripe, "cs_test_fault" + number, how), rows[i].outcome) << i;
    EXPECT_EQ(this->outcome(*stripe, "cs_test_after" + number), "session") << i;
  }
}

TYPED_TEST_P(AsyncClientFailureCases, ConnectionRefused) {
  const loopback::refusing_port refusing;
  const auto stripe = this->client_for("https://localhost:" + std::to_string(refusing.port()));
  EXPECT_EQ(this->outcome(*stripe, "cs_test_a1"), "connection_refused");
  EXPECT_EQ(this->outcome(*stripe, "cs_test_a2"), "connection_refused");
}

TYPED_TEST_P(AsyncClientFailureCases, CouldNotResolve) {
  const auto stripe = this->client_for("https://name.invalid");
  EXPECT_EQ(this->outcome(*stripe, "cs_test_a1"), "could_not_resolve");
}

TYPED_TEST_P(AsyncClientFailureCases, CertificateOfAnUnknownAuthority) {
  const loopback::test_ca other;
  const loopback::https_server server({session_response, loopback::for_localhost(other)});
  const auto stripe = this->client_for(server.url());
  EXPECT_EQ(this->outcome(*stripe, "cs_test_a1"), "tls_unknown_ca");
  EXPECT_EQ(server.requests(), 0); // the secret key was not sent
}

TYPED_TEST_P(AsyncClientFailureCases, TimedOutResolving) {
  const loopback::stalled_resolver resolver;
  this->expect_timeout("https://stalled.test", stripe_return::error_code::timed_out_resolving);
}

TYPED_TEST_P(AsyncClientFailureCases, TimedOutConnecting) {
  const loopback::unaccepting_listener listener;
  this->expect_timeout("https://localhost:" + std::to_string(listener.port()),
                       stripe_return::error_code::timed_out_connecting);
}

TYPED_TEST_P(AsyncClientFailureCases, TimedOutInTls) {
  auto options = this->https(session_response);
  options.stall_in_tls = true;
  const loopback::https_server server(options);
  this->expect_timeout(server.url(), stripe_return::error_code::timed_out_in_tls);
}

TYPED_TEST_P(AsyncClientFailureCases, TimedOutWaiting) {
  const loopback::https_server server(
      this->https(loopback::always(loopback::fault::stall_before_response)));
  this->expect_timeout(server.url(), stripe_return::error_code::timed_out_waiting);
}

TYPED_TEST_P(AsyncClientFailureCases, TimedOutReceiving) {
  const loopback::https_server server(
      this->https(loopback::always(loopback::fault::stall_in_body)));
  this->expect_timeout(server.url(), stripe_return::error_code::timed_out_receiving);
}

TYPED_TEST_P(AsyncClientFailureCases, RetriesUntilItSucceeds) {
  const loopback::https_server server(this->https([](const auto& asked) {
    auto answer = session_response(asked);
    if (asked.number == 1) answer.fault = loopback::fault::reset_before_response;
    if (asked.number == 2) answer.status = 503;
    return answer;
  }));
  auto options = this->options_for(server.url());
  options.retry = {2, std::chrono::milliseconds(1), std::chrono::milliseconds(2)};
  const auto stripe = this->driver_.make(options);
  EXPECT_EQ(this->outcome(*stripe, "cs_test_a1"), "session");
  EXPECT_EQ(server.requests(), 3);
}

// 404s are answered from memory, one call too many is refused, and neither comes inside the call.
TYPED_TEST_P(AsyncClientFailureCases, AnswersItselfWhatItMay) {
  const loopback::https_server server(this->https([](const auto&) {
    return loopback::response{404, {}, R"({"error":{"code":"resource_missing"}})"};
  }));
  const auto stripe = this->client_for(server.url());
  EXPECT_EQ(this->outcome(*stripe, "cs_test_a1"), "session_not_found");
  stripe->retrieve(id_of("cs_test_a1"), of_anybody(), this->inbox_.under("again"));
  this->wait_for(2);
  EXPECT_EQ(this->inbox_.outcome("again"), "session_not_found");
  EXPECT_EQ(server.requests(), 1);
}

TYPED_TEST_P(AsyncClientFailureCases, RefusesWhatMayNotWait) {
  const loopback::https_server server(
      this->https(loopback::always(loopback::fault::stall_before_response)));
  auto options = this->options_for(server.url());
  options.max_in_flight = 1;
  options.max_queued = 1;
  const auto stripe = this->driver_.make(options);
  this->call(*stripe, "cs_test_a1");
  this->driver_.run_until([&] { return server.requests() == 1; });
  this->call(*stripe, "cs_test_a2");
  EXPECT_EQ(this->outcome(*stripe, "cs_test_a3"), "overloaded");
  EXPECT_EQ(this->inbox_.count(), 1u);
}

// Until the application closes something of its own.
TYPED_TEST_P(AsyncClientFailureCases, RunsOutOfDescriptors) {
  const loopback::https_server server(this->https(session_response));
  const auto stripe = this->client_for(server.url());
  {
    const loopback::no_more_descriptors none;
    EXPECT_EQ(this->outcome(*stripe, "cs_test_a1"), "could_not_connect");
  }
  EXPECT_EQ(this->outcome(*stripe, "cs_test_a2"), "session");
  EXPECT_EQ(server.requests(), 1);
}

// A failure of any kind leaves no descriptor open, nor does success.
TYPED_TEST_P(AsyncClientFailureCases, KeepsNoDescriptor) {
  const auto one_of_each = [&](int round) {
    const loopback::https_server server(this->https([&](const auto& asked) {
      auto answer = session_response(asked);
      if (id_asked(asked).find("cut") != std::string::npos)
        answer.fault = loopback::fault::cut_in_body;
      if (id_asked(asked).find("stalled") != std::string::npos)
        answer.fault = loopback::fault::stall_before_response;
      return answer;
    }));
    const std::string number = std::to_string(round);
    auto stripe = this->client_for(server.url());
    EXPECT_EQ(this->outcome(*stripe, "cs_test_good" + number), "session");
    EXPECT_EQ(this->outcome(*stripe, "cs_test_cut" + number), "connection_lost");
    const auto stalled = this->call(*stripe, "cs_test_stalled" + number);
    this->driver_.run_until([&] { return server.requests() == 3; });
    stalled.cancel();
    this->driver_.run_until([&] { return this->inbox_.has("cs_test_stalled" + number); });
    this->call(*stripe, "cs_test_stalled_too" + number);
    this->driver_.run_until([&] { return server.requests() == 4; });
    stripe.reset();
    EXPECT_TRUE(server.wait_until_closed(server.connections()));
  };
  one_of_each(0); // what libcurl and OpenSSL keep for good
  const int before = open_files();
  one_of_each(1);
  one_of_each(2);
  EXPECT_TRUE(eventually([&] { return open_files() <= before; })) << before << open_files();
}

REGISTER_TYPED_TEST_SUITE_P(AsyncClientFailureCases, ServesOnAfterEachFault, ConnectionRefused,
                            CouldNotResolve, CertificateOfAnUnknownAuthority, TimedOutResolving,
                            TimedOutConnecting, TimedOutInTls, TimedOutWaiting, TimedOutReceiving,
                            RetriesUntilItSucceeds, AnswersItselfWhatItMay, RefusesWhatMayNotWait,
                            RunsOutOfDescriptors, KeepsNoDescriptor);
