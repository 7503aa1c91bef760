// The bytes are what a server sends back, or, after a first byte 1, the choices from which an
// answer is written. It goes over a socket and through libcurl to session_client, which must never
// take half an answer for a session, nor repeat what it was sent in an error. A written answer must
// mean the same as if it had been handed to the client without a network.

#include "answer_writer.hpp"
#include "byte_source.hpp"
#include "check.hpp"
#include "own_errors.hpp"
#include "response_server.hpp"
#include "same_session.hpp"

#include <stripe_return/client/curl_transport.hpp>
#include <stripe_return/client/session_client.hpp>

#include <memory>

namespace {

namespace sr = stripe_return;
using fuzz::check;
using fuzz::is_word;

constexpr sr::unix_seconds local_time = 1774256400;
constexpr const char* asked_for = "cs_test_a";

class standing_clock final : public sr::time_source {
public:
  std::chrono::steady_clock::time_point now() override { return {}; }
  sr::unix_seconds unix_time() override { return local_time; }
  void wait_until(std::unique_lock<std::mutex>&, std::condition_variable&,
                  std::chrono::steady_clock::time_point) override {}
};

// Hands the same answer over each time.
class handed_over final : public sr::blocking_transport {
public:
  explicit handed_over(sr::http_response answer) : answer_(std::move(answer)) {}
  sr::result<sr::http_response> send(const sr::http_request&) override { return answer_; }

private:
  const sr::http_response answer_;
};

sr::result<sr::observation> retrieve(std::shared_ptr<sr::transport> transport,
                                     const std::string& api_base) {
  sr::client_options options;
  options.secret_key = "sk_test_fuzz";
  options.api_base = api_base;
  options.retry.max_retries = 0;
  options.max_response_bytes = 64 * 1024;
  options.requests_per_second = 0;
  const sr::session_client client(options,
                                  {std::move(transport), std::make_shared<standing_clock>()});
  return client.retrieve(*sr::session_id::parse(asked_for));
}

sr::result<sr::observation> retrieve_over_socket(std::string response) {
  static fuzz::response_server server;
  server.answer_with(std::move(response));
  return retrieve(std::make_shared<sr::curl_transport>(sr::curl_transport_options()), server.url());
}

void check_error(const sr::error& failure) {
  fuzz::check_words_of(failure);
  check(failure.code >= sr::error_code::connection_lost,
        "the configuration and the network are as they are");
}

void check_any(const sr::result<sr::observation>& fetched) {
  if (!fetched) return check_error(fetched.error());
  check(fetched->session.id == asked_for && fetched->session.livemode == sr::livemode::test &&
            fetched->session.object == "checkout.session",
        "a session is the one that was asked for");
  check(fetched->time > 0, "an answer has a time");
  check(fetched->clock == sr::clock_source::stripe || fetched->time == local_time,
        "without a Date the time is the machine's");
  check(is_word(fetched->request_id), "a Request-Id is a word");
}

void check_same(const sr::result<sr::observation>& a, const sr::result<sr::observation>& b) {
  check(a.has_value() == b.has_value(), "the network makes no answer of none, nor none of one");
  if (!a) {
    check(a.error().code == b.error().code && a.error().message == b.error().message &&
              a.error().http_status == b.error().http_status &&
              a.error().stripe_code == b.error().stripe_code &&
              a.error().request_id == b.error().request_id,
          "an error is the same over the network");
    return;
  }
  check(fuzz::same(a->session, b->session) && a->time == b->time && a->clock == b->clock &&
            a->request_id == b->request_id &&
            a->payment_intent_permitted == b->payment_intent_permitted,
        "a session is the same over the network");
}

void check_written(const fuzz::written_answer& answer) {
  const auto fetched = retrieve_over_socket(answer.bytes);
  check_any(fetched);
  check_same(fetched, retrieve(sr::adapt(std::make_shared<handed_over>(answer.meaning)),
                               "https://api.stripe.com"));
}

// The connection ends before the answer does.
void check_cut(const fuzz::written_answer& answer, std::size_t size) {
  const auto fetched = retrieve_over_socket(answer.bytes.substr(0, size));
  check(!fetched, "half an answer is no session");
  check_error(fetched.error());
  // libcurl takes half the headers for all of them.
  check(size < answer.headers || fetched.error().http_status == 0, "half an answer is none");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || data[0] != 1) {
    check_any(retrieve_over_socket({reinterpret_cast<const char*>(data), size}));
    return 0;
  }
  fuzz::byte_source choices(data + 1, size - 1);
  const bool cut = choices.below(4) == 0;
  const std::size_t where = choices.byte() * 256U + choices.byte();
  const fuzz::written_answer answer = fuzz::answer_writer(choices, asked_for).write();
  if (cut) {
    check_cut(answer, where % answer.complete);
  } else {
    check_written(answer);
  }
  return 0;
}
