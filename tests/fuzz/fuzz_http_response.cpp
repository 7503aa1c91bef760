// The bytes are what a server sends back, or, after a first byte 1, the choices from which an
// answer is written. It goes over a socket and through libcurl to session_client, which must never
// take half an answer for a session, nor repeat what it was sent in an error. A written answer must
// mean the same as if it had been handed to the client without a network.

#include "byte_source.hpp"
#include "check.hpp"
#include "full_session.hpp"
#include "response_server.hpp"
#include "same_session.hpp"

#include <stripe_return/client/curl_transport.hpp>
#include <stripe_return/client/session_client.hpp>

#include <algorithm>
#include <cctype>
#include <memory>
#include <set>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using fuzz::check;

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

bool is_word(const std::string& text) {
  return text.size() <= 64 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '-';
         });
}

void check_error(const sr::error& failure) {
  // An error that repeated something of what was sent would soon have more messages than these.
  static std::set<std::string> messages;
  std::string message = failure.message;
  message.erase(std::remove_if(message.begin(), message.end(),
                               [](unsigned char c) { return std::isdigit(c) != 0; }),
                message.end()); // a number is a position, or libcurl's
  messages.insert(message);
  check(messages.size() < 300, "an error's message is one of the library's own");
  check(is_word(failure.stripe_code) && is_word(failure.request_id),
        "an error repeats nothing but Stripe's own words");
  check(failure.code >= code::connection_lost, "the configuration and the network are as they are");
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

struct written_answer {
  std::string bytes;
  std::size_t headers = 0;  // so many of them are the headers
  std::size_t complete = 0; // so many are needed for all of the answer
  sr::http_response meaning;
};

class answer_writer {
public:
  explicit answer_writer(fuzz::byte_source& choices) : choices_(choices) {}

  written_answer write() {
    const char* interims[] = {"", "", "HTTP/1.1 100 Continue\r\n\r\n",
                              "HTTP/1.1 103 Early Hints\r\nRequest-Id: req_early\r\n\r\n"};
    const int statuses[] = {200, 200, 200, 200, 301, 400, 401, 402, 403,
                            404, 409, 418, 424, 429, 500, 503, 599};
    made_.bytes = choices_.pick(interims);
    made_.meaning.status = choices_.pick(statuses);
    made_.meaning.body = body();
    made_.bytes += "HTTP/1.1 " + std::to_string(made_.meaning.status) + " Said\r\n";
    for (std::size_t left = choices_.below(6); left != 0; --left)
      header();
    frame();
    return std::move(made_);
  }

private:
  std::string body() {
    switch (choices_.below(8)) {
    case 0: return choices_.text(255);
    case 1: return R"({"error":{"code":")" + word() + R"(","type":"idempotency_error"}})";
    case 2: return R"({"error":{"message":"a similar object exists in live mode"}})";
    case 3: return session("cs_test_b", "false");
    case 4: return session(asked_for, "true");
    case 5: return fuzz::full_session();
    default: return session(asked_for, "false") + std::string(choices_.byte(), ' ');
    }
  }

  std::string session(const std::string& id, const std::string& livemode) {
    const char* statuses[] = {"open", "complete", "expired"};
    return R"({"id":")" + id + R"(","object":"checkout.session","livemode":)" + livemode +
           R"(,"status":")" + choices_.pick(statuses) + R"("})";
  }

  std::string word() {
    const char* words[] = {"rate_limit",   "lock_timeout", "api_key_expired", "resource_missing",
                           "req_1AbC-_09", "true",         "false",           "a b"};
    return choices_.pick(words);
  }

  // Nothing in it that would end a header.
  std::string plain_text() {
    std::string text = choices_.text(80);
    text.erase(std::remove_if(text.begin(), text.end(),
                              [](unsigned char c) { return c <= ' ' || c >= 127; }),
               text.end());
    return text;
  }

  std::string value() {
    const char* dates[] = {"Mon, 23 Mar 2026 08:59:46 GMT", "Monday, 23-Mar-26 08:59:46 GMT",
                           "Mon Mar 23 08:59:46 2026", "Thu, 01 Jan 1970 00:00:00 GMT"};
    switch (choices_.below(3)) {
    case 0: return choices_.pick(dates);
    case 1: return word();
    default: return plain_text();
    }
  }

  void header() {
    const char* names[] = {"date",
                           "request-id",
                           "stripe-should-retry",
                           "stripe-rate-limited-reason",
                           "idempotent-replayed",
                           "x-other"};
    const char* blanks[] = {"", " ", "\t", "  "};
    const std::string name = choices_.pick(names);
    const std::string text = value();
    std::string written = name;
    for (char& c : written) {
      if (choices_.flag()) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    made_.meaning.headers.push_back({name, text});
    made_.bytes += written + ":" + choices_.pick(blanks) + text + choices_.pick(blanks) + "\r\n";
  }

  void frame() {
    const std::string& body = made_.meaning.body;
    switch (choices_.below(3)) {
    case 0:
      end_headers("Content-Length: " + std::to_string(body.size()) + "\r\n");
      made_.bytes += body;
      made_.complete = made_.bytes.size();
      break;
    case 1:
      end_headers("Transfer-Encoding: chunked\r\n");
      chunks(body);
      made_.complete = made_.bytes.size() - 2; // libcurl can do without the last line's end
      break;
    default: // the end of the connection ends the body, wherever it comes
      end_headers("");
      made_.complete = made_.bytes.size();
      made_.bytes += body;
    }
  }

  void end_headers(const std::string& last) {
    made_.bytes += last + "\r\n";
    made_.headers = made_.bytes.size();
  }

  void chunks(std::string_view body) {
    while (!body.empty()) {
      const std::string_view chunk = body.substr(0, 1 + choices_.byte());
      char size[16];
      std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
      made_.bytes.append(size).append(chunk).append("\r\n");
      body.remove_prefix(chunk.size());
    }
    made_.bytes += "0\r\n\r\n";
  }

  fuzz::byte_source& choices_;
  written_answer made_;
};

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

void check_written(const written_answer& answer) {
  const auto fetched = retrieve_over_socket(answer.bytes);
  check_any(fetched);
  check_same(fetched, retrieve(sr::adapt(std::make_shared<handed_over>(answer.meaning)),
                               "https://api.stripe.com"));
}

// The connection ends before the answer does.
void check_cut(const written_answer& answer, std::size_t size) {
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
  const written_answer answer = answer_writer(choices).write();
  if (cut) {
    check_cut(answer, where % answer.complete);
  } else {
    check_written(answer);
  }
  return 0;
}
