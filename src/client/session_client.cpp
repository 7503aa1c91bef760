#include <stripe_return/client/session_client.hpp>

#include "client/client_options.hpp"
#include "client/exchange.hpp"
#include "client/reply.hpp"

#include <stripe_return/client/curl_transport.hpp>

#include <mutex>
#include <random>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

using time_point = exchange::time_point;

constexpr std::string_view sessions_path = "/v1/checkout/sessions/";
constexpr std::string_view expand_payment_intent = "expand%5B%5D=payment_intent";
constexpr std::string_view expand_line_items = "expand%5B%5D=line_items";

// How long a key that was refused the PaymentIntent is not asked for it again.
constexpr std::chrono::hours permission_memory{1};

// For jitter, which only has to differ between hosts and threads.
double chance() {
  thread_local std::minstd_rand generator(std::random_device{}());
  return std::uniform_real_distribution<double>()(generator);
}

std::shared_ptr<transport> make_transport(const client_options& options) {
  return std::make_shared<curl_transport>(
      curl_transport_options{options.ca_file, options.proxy, options.max_response_bytes});
}

void add_parameter(std::string& url, std::string_view parameter) {
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += parameter;
}

// What is to be true of the answer, whoever sent it.
std::optional<error> check_identity(const checkout_session& session, const session_id& id,
                                    bool livemode) {
  if (session.object.empty()) {
    return error{error_code::wrong_object, "The answer is no Checkout Session: is api_base right?"};
  }
  if (session.id != id.str()) {
    return error{error_code::wrong_session, "The answer holds another session than asked for."};
  }
  if (session.livemode != livemode) {
    return error{error_code::livemode_mismatch,
                 "The answer is of the other mode, test or live, than the secret key."};
  }
  return std::nullopt;
}

// Says of which answer the error tells.
error with_context(error failure, const http_response& response) {
  failure.http_status = response.status;
  failure.request_id = request_id_of(response);
  return failure;
}

} // namespace

class session_client::calls {
public:
  calls(client_options options, std::shared_ptr<transport> transport,
        std::shared_ptr<stripe_return::clock> clock)
      : options_(std::move(options)), base_(check_options(options_)),
        transport_(std::move(transport)), clock_(std::move(clock)), key_(options_.secret_key) {
    options_.secret_key = {};
  }

  result<fetched_session> retrieve(const session_id& id, const retrieve_options& wanted) {
    result<call> made = begin(id, wanted.account);
    if (!made) return std::move(made).error();
    std::string url = made->url;
    if (wanted.line_items) add_parameter(url, expand_line_items);

    bool permitted = may_expand();
    std::string expanded = url;
    add_parameter(expanded, expand_payment_intent);
    result<http_response> answer = perform(*made, permitted ? expanded : url);
    if (permitted && answer && answer->status == 403) {
      // Stripe refuses the whole request where the key may not read what is to be expanded.
      permitted = false;
      answer = perform(*made, url);
      if (answer && answer->status == 200) forbid_expansion(made->key_generation);
    }
    if (!answer) return std::move(answer).error();
    if (answer->status != 200) return refusal(*answer);
    return read_session(*answer, id, *made, permitted);
  }

  result<line_item_page> line_items(const session_id& id, std::string_view starting_after,
                                    std::string_view account) {
    if (!is_item_id(starting_after)) {
      return error{error_code::invalid_option, "The argument starting_after is no line item's id."};
    }
    result<call> made = begin(id, account);
    if (!made) return std::move(made).error();
    std::string url = made->url + "/line_items?limit=100";
    if (!starting_after.empty()) url.append("&starting_after=").append(starting_after);
    result<http_response> answer = perform(*made, url);
    if (!answer) return std::move(answer).error();
    if (answer->status != 200) return refusal(*answer);
    result<line_item_page> page = parse_line_items(answer->body);
    if (!page) return with_context(std::move(page).error(), *answer);
    return page;
  }

  void set_secret_key(secret key) {
    const std::lock_guard<std::mutex> lock(mutex_);
    key_ = std::move(key);
    ++key_generation_;
    expansion_forbidden_until_ = {};
  }

private:
  // What one call was begun with: the key may be replaced while it runs.
  struct call {
    secret authorization;
    unsigned key_generation = 0;
    bool livemode = false;
    std::string account;
    std::string url; // of the session
    time_point deadline;
  };

  result<call> begin(const session_id& id, std::string_view account) {
    if (!base_) return base_.error();
    call made;
    made.deadline = clock_->now() + options_.deadline;
    made.account = account.empty() ? options_.account : std::string(account);
    if (std::optional<error> refused = check_account(made.account)) return *std::move(refused);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      result<bool> livemode = livemode_of(key_);
      if (!livemode) return std::move(livemode).error();
      made.livemode = *livemode;
      made.key_generation = key_generation_;
      made.authorization = "Bearer " + key_.reveal();
    }
    if (auto refused = check_key_host(options_, *base_, made.livemode)) return *std::move(refused);
    if (id.livemode() && *id.livemode() != made.livemode) {
      if (made.livemode) {
        return error{error_code::test_session_with_live_key,
                     "A test session came back to a server with a live secret key."};
      }
      return error{error_code::live_session_with_test_key,
                   "A live session came back to a server with a test secret key."};
    }
    made.url.append(base_->url).append(sessions_path).append(id.str());
    return made;
  }

  result<http_response> perform(const call& made, std::string url) {
    http_request request;
    request.url = std::move(url);
    request.authorization = made.authorization;
    request.headers.push_back({"stripe-version", std::string(stripe_api_version)});
    if (!made.account.empty()) request.headers.push_back({"stripe-account", made.account});

    exchange attempts(std::move(request), options_.retry, made.deadline, options_.attempt_timeout,
                      options_.connect_timeout);
    exchange::step next = attempts.begin(clock_->now());
    while (next != exchange::step::finish) {
      if (next == exchange::step::send) {
        result<http_response> answer = transport_->send(attempts.request());
        next = attempts.attempted(std::move(answer), clock_->now(), chance());
      } else {
        clock_->sleep_for(attempts.delay());
        next = attempts.begin(clock_->now());
      }
    }
    return std::move(attempts.answer());
  }

  result<fetched_session> read_session(const http_response& response, const session_id& id,
                                       const call& made, bool permitted) {
    result<checkout_session> session = parse_checkout_session(response.body);
    if (!session) return with_context(std::move(session).error(), response);
    if (auto wrong = check_identity(*session, id, made.livemode)) {
      return with_context(*std::move(wrong), response);
    }
    fetched_session fetched;
    fetched.session = *std::move(session);
    fetched.session.account = made.account;
    const std::optional<unix_seconds> date = date_of(response);
    fetched.time = date ? *date : clock_->unix_time();
    fetched.clock = date ? clock_source::stripe : clock_source::local;
    fetched.payment_intent_permitted = permitted;
    fetched.request_id = request_id_of(response);
    return fetched;
  }

  bool may_expand() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return !expansion_forbidden_until_ || clock_->now() >= *expansion_forbidden_until_;
  }

  void forbid_expansion(unsigned key_generation) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (key_generation == key_generation_) {
      expansion_forbidden_until_ = clock_->now() + permission_memory;
    }
  }

  // It goes into the URL.
  static bool is_item_id(std::string_view text) noexcept {
    return text.size() <= 255 && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
                                                        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
                                     std::string_view::npos;
  }

  client_options options_; // without the key
  const result<api_base> base_;
  const std::shared_ptr<transport> transport_;
  const std::shared_ptr<stripe_return::clock> clock_;

  std::mutex mutex_; // guards what follows
  secret key_;
  unsigned key_generation_ = 0;
  std::optional<time_point> expansion_forbidden_until_;
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
