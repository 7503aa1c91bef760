/// @file
/// A transport that answers from a script.
#pragma once

#include <stripe_return/client/transport.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

/// Answers requests without a network, at once. May serve several clients, on several threads.
class STRIPE_RETURN_EXPORT scripted_transport final : public transport {
public:
  using script = std::function<result<http_response>(const http_request& request)>;

  /// Answers each request by `answer`, which is never called twice at the same time.
  explicit scripted_transport(script answer);
  ~scripted_transport() override;

  std::uint64_t start(const http_request& request, completion done) override;
  void cancel(std::uint64_t number) noexcept override;
  void drive_by(event_loop* loop) override;
  void work_until(std::chrono::steady_clock::time_point time) override;

  /// The requests so far. Their authorization is left out.
  std::vector<http_request> requests() const;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

/// What Stripe answers: a JSON body with its usual headers. `date` is the time of the answer.
STRIPE_RETURN_EXPORT http_response stripe_response(int status, std::string body, unix_seconds date);

} // namespace testkit
} // namespace v0
} // namespace stripe_return
