#include <stripe_return/client/session_client.hpp>

#include "client/checkout_form.hpp"
#include "client/reply.hpp"
#include "client/retrieve_call.hpp"
#include "client/session_answer.hpp"
#include "core/event_types.hpp"
#include "core/object_id.hpp"

#include <stripe_return/client/curl_transport.hpp>

#include <optional>
#include <random>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

std::shared_ptr<transport> make_transport(const client_options& options) {
  return std::make_shared<curl_transport>(
      curl_transport_options{options.ca_file, options.proxy, options.max_response_bytes});
}

std::string listed_events() {
  std::string query = "?";
  for (const known_event& each : known_events) {
    if (each.listed) query.append("types%5B%5D=").append(each.raw).append("&");
  }
  return query;
}

void make_post(http_request& request, std::string form, std::string idempotency_key) {
  request.form = std::move(form);
  request.headers.push_back({"idempotency-key", std::move(idempotency_key)});
}

// Another for each call: a retry whose first answer was lost gets that answer, and a later call
// asks anew.
std::string idempotency_key_of_expiry() {
  std::random_device random;
  std::string key = "expire";
  for (int i = 0; i != 4; ++i)
    key.append(1, '-').append(std::to_string(random()));
  return key;
}

} // namespace

class session_client::calls {
public:
  calls(client_options options, std::shared_ptr<transport> transport,
        std::shared_ptr<stripe_return::time_source> clock)
      : access_(std::move(options)), transport_(std::move(transport)), clock_(std::move(clock)) {}

  result<observation> retrieve(const session_id& id, const retrieve_options& wanted) {
    const time_point now = clock_->now();
    result<retrieve_call> call = retrieve_call::make(
        access_, id, wanted, now, deadline_after(now, access_.options().deadline));
    if (!call) return std::move(call).error();
    perform(*call, [&](result<http_response> answer) {
      return call->attempted(std::move(answer), clock_->now());
    });
    return call->take(clock_->unix_time());
  }

  result<observation> create(const checkout_parameters& parameters) {
    result<checkout_form> form = make_checkout_form(parameters);
    if (!form) return std::move(form).error();
    result<authorized_call> call = access_.authorize(sessions_path, parameters.account);
    if (!call) return std::move(call).error();
    make_post(call->request, std::move(form->text), std::move(form->idempotency_key));
    result<http_response> answer = ask(std::move(call->request), refusal_of_attempt);
    if (!answer) return std::move(answer).error();
    result<observation> made = read_session(*answer, *call, {}, clock_->unix_time());
    if (made && order_number_of(made->session, parameters.naming) != parameters.out_trade_no) {
      return with_context({error_code::wrong_session,
                           "The answer is a session of another order: look at api_base and proxy."},
                          *answer);
    }
    return made;
  }

  result<observation> expire(const session_id& id, std::string_view account) {
    result<authorized_call> call = access_.authorize(id, account);
    if (!call) return std::move(call).error();
    call->request.url += "/expire";
    make_post(call->request, {}, idempotency_key_of_expiry());
    result<http_response> answer = ask(std::move(call->request), refusal);
    if (!answer) return std::move(answer).error();
    return read_session(*answer, *call, id.str(), clock_->unix_time());
  }

  result<session_page> sessions_since(unix_seconds created, std::string_view starting_after,
                                      std::string_view account) {
    return list(access_.authorize(sessions_path, account),
                "?created%5Bgte%5D=" + std::to_string(created), starting_after, parse_session_page,
                [](session_page& page, const authorized_call& call) { return accept(page, call); });
  }

  result<event_page> events_since(unix_seconds created, std::string_view starting_after,
                                  std::string_view account) {
    return list(access_.authorize("/v1/events", account),
                listed_events() + "created%5Bgte%5D=" + std::to_string(created), starting_after,
                parse_event_page,
                [](event_page& page, const authorized_call& call) { return accept(page, call); });
  }

  result<line_item_page> line_items(const session_id& id, std::string_view starting_after,
                                    std::string_view account) {
    return list(access_.authorize(id, account), "/line_items?", starting_after, parse_line_items,
                [](line_item_page&, const authorized_call&) { return std::optional<error>(); });
  }

  void set_secret_key(secret key) { access_.set_secret_key(std::move(key)); }

private:
  // One page, a hundred at a time. `tail` is what the URL has behind its path so far.
  template <class Page, class Accept>
  result<Page> list(result<authorized_call> call, std::string_view tail,
                    std::string_view starting_after, result<Page> (*parse)(std::string_view),
                    Accept accept) {
    if (!starting_after.empty() && !is_object_id(starting_after)) { // it goes into the URL
      return error{error_code::invalid_option, "The argument starting_after is no id of what is "
                                               "listed: pass the last one of the page before."};
    }
    if (!call) return std::move(call).error();
    std::string& url = call->request.url;
    url.append(tail).append(tail.back() == '?' ? "" : "&").append("limit=100");
    if (!starting_after.empty()) url.append("&starting_after=").append(starting_after);
    result<http_response> answer = ask(std::move(call->request), refusal);
    if (!answer) return std::move(answer).error();
    result<Page> page = parse(answer->body);
    if (!page) return with_context(std::move(page).error(), *answer);
    for (const auto& wrong : {check_answered_account(*answer, *call), accept(*page, *call)}) {
      if (wrong) return with_context(*wrong, *answer);
    }
    return page;
  }

  // The answer of status 200, or why there is none.
  result<http_response> ask(http_request request, error (*refusal)(const http_response&)) {
    const client_options& options = access_.options();
    exchange attempts(std::move(request), options.retry,
                      deadline_after(clock_->now(), options.deadline), options.attempt_timeout,
                      options.connect_timeout);
    perform(attempts, [&](result<http_response> answer) {
      return attempts.attempted(std::move(answer), clock_->now(), chance());
    });
    result<http_response>& answer = attempts.answer();
    if (answer && answer->status != 200) return refusal(*answer);
    return std::move(answer);
  }

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
  const std::shared_ptr<stripe_return::time_source> clock_;
};

session_client::session_client(client_options options)
    : session_client(options, make_transport(options), std::make_shared<system_time>()) {}

session_client::session_client(client_options options, std::shared_ptr<transport> transport,
                               std::shared_ptr<stripe_return::time_source> clock)
    : calls_(std::make_unique<calls>(std::move(options), std::move(transport), std::move(clock))) {}

session_client::session_client(session_client&&) noexcept = default;
session_client& session_client::operator=(session_client&&) noexcept = default;
session_client::~session_client() = default;

result<observation> session_client::retrieve(const session_id& id,
                                             const retrieve_options& options) const {
  return calls_->retrieve(id, options);
}

result<observation> session_client::create(const checkout_parameters& parameters) const {
  return calls_->create(parameters);
}

result<observation> session_client::expire(const session_id& id, std::string_view account) const {
  return calls_->expire(id, account);
}

result<session_page> session_client::sessions_since(unix_seconds created,
                                                    std::string_view starting_after,
                                                    std::string_view account) const {
  return calls_->sessions_since(created, starting_after, account);
}

result<event_page> session_client::events_since(unix_seconds created,
                                                std::string_view starting_after,
                                                std::string_view account) const {
  return calls_->events_since(created, starting_after, account);
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
