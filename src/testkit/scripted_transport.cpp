#include <stripe_return/testkit/scripted_transport.hpp>

#include <ctime>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace testkit {
namespace {

// https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats, without the host's locale.
std::string http_date(unix_seconds time) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = time;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char rest[32];
  std::strftime(rest, sizeof rest, " %Y %H:%M:%S GMT", &parts);
  const std::string day = std::to_string(100 + parts.tm_mday).substr(1);
  return std::string(days[parts.tm_wday]) + ", " + day + " " + months[parts.tm_mon] + rest;
}

} // namespace

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
