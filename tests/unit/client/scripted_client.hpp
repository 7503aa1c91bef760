// A session client whose answers and time are the test's.
#pragma once

#include <stripe_return/client/session_client.hpp>
#include <stripe_return/testkit/fake_time.hpp>
#include <stripe_return/testkit/scripted_transport.hpp>

#include "unit/client/client_calls.hpp"
#include "unit/core/session_json.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

inline stripe_return::session_id id_of(const std::string& text) {
  auto id = stripe_return::session_id::parse(text);
  if (!id) throw std::logic_error("no session id: " + text);
  return *std::move(id);
}

class scripted_client {
public:
  using answer = stripe_return::result<stripe_return::http_response>;

  static constexpr stripe_return::unix_seconds local_time = 1774000000;
  static constexpr stripe_return::unix_seconds stripe_time = 1774256400;

  static stripe_return::client_options options(const char* secret_key = "sk_test_1") {
    stripe_return::client_options made;
    made.secret_key = secret_key;
    made.requests_per_second = 0;
    return made;
  }
  static answer session(const session_json& json = {}) {
    return stripe_return::testkit::stripe_response(200, json.text(), stripe_time);
  }
  static answer status(int number, std::string code = {}) {
    if (number == 404 && code.empty()) code = "resource_missing"; // else it is not Stripe's
    const std::string body = code.empty() ? "{}" : R"({"error":{"code":")" + code + R"("}})";
    return stripe_return::testkit::stripe_response(number, body, stripe_time);
  }
  static answer failure(stripe_return::error_code code) {
    return stripe_return::error{code, "It failed."};
  }

  // Gives the answers one after the other, the last one again and again.
  explicit scripted_client(std::vector<answer> answers,
                           stripe_return::client_options options = scripted_client::options())
      : scripted_client([this, answers = std::move(answers)](
                            const auto&) { return answers[std::min(next_++, answers.size() - 1)]; },
                        std::move(options)) {}

  explicit scripted_client(stripe_return::testkit::scripted_transport::script script,
                           stripe_return::client_options options = scripted_client::options())
      : clock(std::make_shared<stripe_return::testkit::fake_time>(local_time)),
        transport(std::make_shared<stripe_return::testkit::scripted_transport>(
            [this, script = std::move(script)](const stripe_return::http_request& request) {
              {
                const std::lock_guard<std::mutex> lock(mutex_);
                authorizations_.push_back(request.authorization.reveal());
              }
              return script(request);
            })),
        client(std::move(options), {transport, clock}) {}

  scripted_client(const scripted_client&) = delete;
  scripted_client& operator=(const scripted_client&) = delete;

  stripe_return::result<stripe_return::observation>
  retrieve(const std::string& id = "cs_test_a1",
           const stripe_return::retrieve_options& wanted = {}) const {
    return client.retrieve(id_of(id), wanted);
  }

  std::vector<std::string> urls() const {
    std::vector<std::string> all;
    for (const auto& request : transport->requests())
      all.push_back(request.url);
    return all;
  }
  std::size_t sent() const { return transport->requests().size(); }
  std::vector<std::string> authorizations() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return authorizations_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<std::string> authorizations_;
  std::size_t next_ = 0;

public:
  const std::shared_ptr<stripe_return::testkit::fake_time> clock;
  const std::shared_ptr<stripe_return::testkit::scripted_transport> transport;
  stripe_return::session_client client;
};
