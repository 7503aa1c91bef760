#include <stripe_return/client/session_client.hpp>

#include "client/reply.hpp"
#include "client/retrieve_call.hpp"

#include <stripe_return/client/curl_transport.hpp>

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

std::shared_ptr<transport> make_transport(const client_options& options) {
  return std::make_shared<curl_transport>(
      curl_transport_options{options.ca_file, options.proxy, options.max_response_bytes});
}

// It goes into the URL.
bool is_item_id(std::string_view text) noexcept {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  return text.size() <= 255 && text.find_first_not_of(allowed) == std::string_view::npos;
}

} // namespace

class session_client::calls {
public:
  calls(client_options options, std::shared_ptr<transport> transport,
        std::shared_ptr<stripe_return::clock> clock)
      : access_(std::move(options)), transport_(std::move(transport)), clock_(std::move(clock)) {}

  result<fetched_session> retrieve(const session_id& id, const retrieve_options& wanted) {
    const time_point now = clock_->now();
    result<retrieve_call> call = retrieve_call::make(
        access_, id, wanted, now, deadline_after(now, access_.options().deadline));
    if (!call) return std::move(call).error();
    perform(*call, [&](result<http_response> answer) {
      return call->attempted(std::move(answer), clock_->now());
    });
    return call->take(clock_->unix_time());
  }

  result<line_item_page> line_items(const session_id& id, std::string_view starting_after,
                                    std::string_view account) {
    if (!is_item_id(starting_after)) {
      return error{error_code::invalid_option, "The argument starting_after is no line item's id."};
    }
    const client_options& options = access_.options();
    const time_point deadline = deadline_after(clock_->now(), options.deadline);
    result<authorized_call> call = access_.authorize(id, account);
    if (!call) return std::move(call).error();
    call->request.url += "/line_items?limit=100";
    if (!starting_after.empty())
      call->request.url.append("&starting_after=").append(starting_after);

    exchange attempts(std::move(call->request), options.retry, deadline, options.attempt_timeout,
                      options.connect_timeout);
    perform(attempts, [&](result<http_response> answer) {
      return attempts.attempted(std::move(answer), clock_->now(), chance());
    });
    const result<http_response>& answer = attempts.answer();
    if (!answer) return answer.error();
    if (answer->status != 200) return refusal(*answer);
    result<line_item_page> page = parse_line_items(answer->body);
    if (!page) return with_context(std::move(page).error(), *answer);
    return page;
  }

  void set_secret_key(secret key) { access_.set_secret_key(std::move(key)); }

private:
  // Does what the steps of an exchange say, on this thread.
  template <class Steps, class Attempted> void perform(Steps& steps, Attempted attempted) {
    exchange::step next = steps.begin(clock_->now());
    while (next != exchange::step::finish) {
      if (next == exchange::step::send) {
        next = attempted(transport_->send(steps.request()));
      } else {
        clock_->sleep_for(steps.delay());
        next = steps.begin(clock_->now());
      }
    }
  }

  api_access access_;
  const std::shared_ptr<transport> transport_;
  const std::shared_ptr<stripe_return::clock> clock_;
};

session_client::session_client(client_options options)
    : session_client(options, make_transport(options), std::make_shared<system_clock>()) {}

session_client::session_client(client_options options, std::shared_ptr<transport> transport,
                               std::shared_ptr<stripe_return::clock> clock)
    : calls_(std::make_unique<calls>(std::move(options), std::move(transport), std::move(clock))) {}

session_client::session_client(session_client&&) noexcept = default;
session_client& session_client::operator=(session_client&&) noexcept = default;
session_client::~session_client() = default;

result<fetched_session> session_client::retrieve(const session_id& id,
                                                 const retrieve_options& options) const {
  return calls_->retrieve(id, options);
}

result<line_item_page> session_client::line_items(const session_id& id,
                                                  std::string_view starting_after,
                                                  std::string_view account) const {
  return calls_->line_items(id, starting_after, account);
}

void session_client::set_secret_key(secret key) {
  calls_->set_secret_key(std::move(key));
}

} // namespace v0
} // namespace stripe_return
