#include <stripe_return/testkit/scripted_transport.hpp>

#include "testkit/http_date.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

scripted_transport::scripted_transport(script answer) : answer_(std::move(answer)) {}

result<http_response> scripted_transport::send(const http_request& request) {
  const std::lock_guard<std::mutex> lock(mutex_);
  http_request recorded = request;
  recorded.authorization = {};
  requests_.push_back(std::move(recorded));
  return answer_(request);
}

std::vector<http_request> scripted_transport::requests() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return requests_;
}

http_response stripe_reply(int status, std::string body, unix_seconds date) {
  return {status, {{"date", http_date(date)}, {"request-id", "req_scripted"}}, std::move(body)};
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
