/// @file
/// scripted_transport: a transport with scripted responses.
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

/// Responds to requests at once, without a network. It may serve several clients on several
/// threads.
class STRIPE_RETURN_EXPORT scripted_transport final : public transport {
public:
  using script = std::function<result<http_response>(const http_request& request)>;

  /// Makes a transport that responds to each request with `answer(request)`. It never runs two of
  /// these calls at the same time.
  explicit scripted_transport(script answer);
  ~scripted_transport() override;

  std::uint64_t start(const http_request& request, completion done) override;
  void cancel(std::uint64_t number) noexcept override;
  void drive_by(event_loop* loop) override;
  void work_until(std::chrono::steady_clock::time_point time) override;

  /// Returns the requests so far, without their authorization.
  std::vector<http_request> requests() const;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

/// Returns a response as Stripe sends it: a JSON body with the usual headers. `date` is its time.
STRIPE_RETURN_EXPORT http_response stripe_response(int status, std::string body, unix_seconds date);

} // namespace testkit
} // namespace v0
} // namespace stripe_return
