// The names of the client's enumerators, and what its interfaces do by default.
#include "client/api_access.hpp"
#include "core/enum_names.hpp"

#include <stripe_return/client/checkout_parameters.hpp>
#include <stripe_return/client/client_observer.hpp>
#include <stripe_return/client/client_parts.hpp>
#include <stripe_return/client/event_loop.hpp>

namespace stripe_return {
inline namespace v0 {

std::string_view to_string(call_priority priority) noexcept {
  return enum_name(priority, {"known", "webhook", "unknown", "background"});
}

std::string_view to_string(client_call call) noexcept {
  return enum_name(
      call, {"retrieve", "create", "expire", "line_items", "sessions_since", "events_since"});
}

std::string_view to_string(fd_interest interest) noexcept {
  return enum_name(interest, {"none", "read", "write", "read_write"});
}

std::string_view to_string(checkout_ui ui) noexcept {
  return enum_name(ui, {"hosted_page", "embedded_page", "elements", "form"});
}

std::string_view to_string(completion_redirect redirect) noexcept {
  return enum_name(redirect, {"always", "if_required", "never"});
}

client_observer::~client_observer() = default;
void client_observer::on_start(client_call, call_priority) {}
void client_observer::on_retry(client_call, error_code, std::chrono::milliseconds) {}
void client_observer::on_finish(const call_report&) {}

event_loop::~event_loop() = default;

result<void> check(const client_options& options) {
  auto refused = api_access(options).authorize(sessions_path, {});
  if (!refused) return std::move(refused).error();
  return {};
}

} // namespace v0
} // namespace stripe_return
