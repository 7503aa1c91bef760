#pragma once

#include "forked_stripe.hpp"
#include "goal.hpp"
#include "thread_cpu.hpp"

#include <stripe_return/client/client_options.hpp>
#include <stripe_return/client/transport.hpp>
#include <stripe_return/core/checkout_session.hpp>

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

// How a client fetches from `stripe`, and what it then sends.
struct fetch_setup {
  explicit fetch_setup(const forked_stripe& stripe) {
    options.secret_key = "sk_test_bench";
    options.api_base = stripe.url();
    options.ca_file = stripe.ca_file();
    options.requests_per_second = 0;
    request.url = stripe.url();
    request.authorization = "Bearer sk_test_bench";
    request.headers = {{"stripe-version", std::string(stripe_return::stripe_api_version)}};
    request.timeout = options.attempt_timeout;
    request.connect_timeout = options.connect_timeout;
  }

  static std::string id_of(std::size_t number) { return "cs_test_" + std::to_string(number); }
  std::string url_of(std::size_t number) const {
    return options.api_base + "/v1/checkout/sessions/" + id_of(number) +
           "?expand%5B%5D=payment_intent";
  }

  stripe_return::client_options options;
  stripe_return::http_request request;
};

[[noreturn]] inline void fail(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

inline void ignore(const std::string&) {}
inline void decode(const std::string& body) {
  if (!stripe_return::parse_checkout_session(body)) fail("the session cannot be decoded");
}

// CPU of the process for so many fetches, by bare libcurl, by it and the decoder, and by the
// client. What the decoder takes is not counted. Short rounds, so that all contestants of one meet
// the same other load on the computer; but long enough that the largest crowd is a crowd for most
// of its round.
class fetch_contest {
public:
  static constexpr std::size_t fetches = 1000; // in a round
  using contestant = std::function<void()>;

  fetch_contest(contestant bare, contestant with_decoder, contestant client)
      : all_{std::move(bare), std::move(with_decoder), std::move(client)} {}

  bool run(const std::string& name) {
    constexpr std::size_t rounds = 41;
    constexpr double goal = 1.10;
    for (const contestant& each : all_)
      each();
    std::array<std::vector<double>, 3> cpu;
    std::vector<double> ratios;
    for (std::size_t round = 0; round != rounds; ++round) {
      for (std::size_t i = 0; i != all_.size(); ++i) {
        const std::size_t next = (round + i) % all_.size();
        cpu[next].push_back(process_cpu(all_[next]) / fetches);
      }
      const double decoder = cpu[1].back() - cpu[0].back();
      ratios.push_back((cpu[2].back() - decoder) / cpu[0].back());
    }
    std::printf("us for a fetch: bare %.1f, with the decoder %.1f, the client %.1f\n",
                median(cpu[0]), median(cpu[1]), median(cpu[2]));
    return report_goal(name.c_str(), median(ratios), goal);
  }

private:
  const std::array<contestant, 3> all_;
};

} // namespace bench
