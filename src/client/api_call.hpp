// The calls of Stripe's API: what each sends, and how it reads the answer. No I/O.
#pragma once

#include "client/api_access.hpp"

#include <stripe_return/client/call_options.hpp>
#include <stripe_return/client/checkout_parameters.hpp>
#include <stripe_return/client/client_observer.hpp>
#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/event.hpp>
#include <stripe_return/core/line_item.hpp>
#include <stripe_return/core/observation.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace stripe_return {
inline namespace v0 {

// What the calls are answered with.
using api_answer = result<std::variant<observation, line_item_page, session_page, event_page>>;

class api_call {
public:
  explicit api_call(client_call kind) : kind_(kind) {}
  api_call(const api_call&) = delete;
  api_call& operator=(const api_call&) = delete;
  virtual ~api_call() = default;

  client_call kind() const noexcept { return kind_; }

  // Calls of the same key may be answered by one request; those of "" may not.
  virtual std::string sharing_key() const { return {}; }
  // What to send, with the key of now. Errors: those of api_access::authorize().
  virtual result<authorized_call> authorize(api_access& access, time_point now) = 0;
  // Whether the answer asks for another request at once, which then stands in `call`.
  virtual bool ask_again(const http_response& answer, authorized_call& call);
  // What the answer tells of the key.
  virtual void learn(const http_response& answer, const authorized_call& call, api_access& access,
                     time_point now) const;
  // What a status besides 200 means.
  virtual error error_from(const http_response& answer) const;
  // Of status 200. `local_time` stands in for a Date header that is not there.
  virtual api_answer read(const http_response& answer, const authorized_call& call,
                          unix_seconds local_time) const = 0;

private:
  const client_call kind_;
};

// Errors: those of the arguments.
using made_call = result<std::unique_ptr<api_call>>;

made_call make_retrieve(const session_id& id, const retrieve_options& options);
made_call make_create(const checkout_parameters& parameters, const call_options& options);
made_call make_expire(const session_id& id, const call_options& options);
made_call make_line_items(const session_id& id, const page_options& options);
made_call make_sessions_since(const list_options& options);
made_call make_events_since(const list_options& options);

} // namespace v0
} // namespace stripe_return
