// A request under /v1, with all that happens around it: key, version, idempotency, faults.
#pragma once

#include "fake_stripe/api.hpp"
#include "fake_stripe/server_state.hpp"

#include <mutex>
#include <string>
#include <variant>

namespace stripe_return {
inline namespace v0 {
namespace fake {

class api_service {
public:
  explicit api_service(server_state& state);

  // The lock is of the state's mutex, and let go while a fault holds the request up and while its
  // parameters are read.
  reply answer(const request& request, std::unique_lock<std::mutex>& lock);

private:
  reply execute(const request& request, const std::variant<parameters, api_error>& given,
                const std::string& request_id, const std::optional<fault>& planned,
                std::unique_lock<std::mutex>& lock);
  void wait_out(const fault& planned, std::unique_lock<std::mutex>& lock);
  void end_badly(const fault& planned, reply& answer);

  server_state& state_;
  api api_;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
