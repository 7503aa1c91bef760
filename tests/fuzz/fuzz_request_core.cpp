// The bytes are the choices of who drives a client, what it is asked for, and how a server answers
// on connections that it keeps, cuts, resets or leaves silent. Each call is answered once, with
// what was asked for or an error of the library's own words; the observer hears of each; a request
// that is repeated is the same; and the client serves on afterwards.

#include "answer_writer.hpp"
#include "byte_source.hpp"
#include "check.hpp"
#include "own_errors.hpp"
#include "scripted_peer.hpp"

#include "torture/small_loop.hpp"
#include "unit/client/client_calls.hpp"

#include <stripe_return/client/async_session_client.hpp>
#include <stripe_return/client/curl_transport.hpp>
#include <stripe_return/client/session_client.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;
using fuzz::check;
using std::chrono::milliseconds;

// The well-behaved answers, and those of the script where the server means well.

std::string session_named(const std::string& id) {
  return R"({"id":")" + id + R"(","object":"checkout.session","livemode":false,"status":"open",)" +
         R"("metadata":{"out_trade_no":"A1"}})";
}

std::string list_of(const std::string& member) {
  return R"({"object":"list","has_more":false,"data":[)" + member + "]}";
}

std::string event_of(const std::string& id) {
  return R"({"id":"evt_1","object":"event","type":"checkout.session.expired","created":1774256386,)"
         R"("livemode":false,"data":{"object":)" +
         session_named(id) + "}}";
}

std::string ok_with(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string respond_well(const fuzz::peer_request& asked) {
  const std::string path = asked.target.substr(0, asked.target.find('?'));
  const std::size_t at = path.find("/cs_");
  if (path.find("/line_items") != std::string::npos) return ok_with(list_of(R"({"id":"li_1"})"));
  if (at != std::string::npos) {
    const std::string id = path.substr(at + 1);
    return ok_with(session_named(id.substr(0, id.find('/'))));
  }
  if (path == "/v1/events") return ok_with(list_of(event_of("cs_test_a")));
  if (asked.method == "GET") return ok_with(list_of(session_named("cs_test_a")));
  return ok_with(session_named("cs_test_new"));
}

fuzz::scripted_peer& peer() {
  static fuzz::scripted_peer started(respond_well);
  return started;
}

std::string body_of_list(fuzz::byte_source& choices) {
  const std::string members[] = {session_named("cs_test_a"), event_of("cs_test_b"),
                                 R"({"id":"li_1","quantity":1,"amount_total":5,"currency":"eur"})",
                                 "null"};
  return list_of(choices.pick(members));
}

fuzz::peer_reply reply(fuzz::byte_source& choices) {
  using ending = fuzz::peer_reply::ending;
  const std::string ids[] = {"cs_test_a", "cs_test_b", "cs_test_new"};
  std::string bytes;
  const std::size_t kind = choices.below(4);
  if (kind == 0) {
    bytes = choices.text(255);
  } else {
    const std::string id = choices.pick(ids);
    fuzz::answer_writer writer(choices, id);
    bytes = kind == 1   ? writer.write([&] { return session_named(id); }).bytes
            : kind == 2 ? writer.write([&] { return body_of_list(choices); }).bytes
                        : writer.write().bytes;
  }
  if (choices.below(4) == 0 && !bytes.empty()) // not as it was written
    bytes.replace(choices.byte() * 4U % bytes.size(), choices.below(8), choices.text(8));
  fuzz::peer_reply made;
  for (std::size_t left = choices.below(4); left != 0; --left) {
    const std::string piece = bytes.substr(0, choices.byte());
    if (piece.empty()) continue;
    bytes.erase(0, piece.size());
    made.pieces.push_back(piece);
  }
  // Else what is left never comes.
  if (choices.below(8) != 0 && !bytes.empty()) made.pieces.push_back(bytes);
  const ending endings[] = {ending::close, ending::close, ending::keep, ending::reset,
                            ending::half_close};
  made.then = choices.pick(endings);
  return made;
}

// What is asked for.

struct planned_call {
  sr::client_call kind;
  std::string id;
  milliseconds deadline;
  sr::call_priority priority;
  bool canceled; // at once
  bool again;    // another one in its callback
};

planned_call any_call(fuzz::byte_source& choices) {
  const sr::client_call kinds[] = {sr::client_call::retrieve,    sr::client_call::retrieve,
                                   sr::client_call::create,      sr::client_call::expire,
                                   sr::client_call::line_items,  sr::client_call::sessions_since,
                                   sr::client_call::events_since};
  const char* ids[] = {"cs_test_a", "cs_test_a", "cs_test_b"};
  const sr::call_priority priorities[] = {sr::call_priority::known, sr::call_priority::webhook,
                                          sr::call_priority::unknown,
                                          sr::call_priority::background};
  planned_call made;
  made.kind = choices.pick(kinds);
  made.id = choices.pick(ids);
  made.deadline = milliseconds(1 << choices.below(6));
  made.priority = choices.pick(priorities);
  made.canceled = choices.below(8) == 0;
  made.again = choices.below(8) == 0;
  return made;
}

template <class Options> Options options_for(const planned_call& call) {
  Options made;
  made.deadline = call.deadline;
  made.priority = call.priority;
  return made;
}

// Gives `use` the function that makes the call on a client of either face: the asynchronous one
// takes a callback besides.
template <class Use> void with_function_of(const planned_call& call, const Use& use) {
  const auto id = *sr::session_id::parse(call.id);
  const auto page = options_for<sr::page_options>(call);
  const auto list = options_for<sr::list_options>(call);
  switch (call.kind) {
  case sr::client_call::retrieve:
    return use([&](auto& client, auto... done) {
      return client.retrieve(id, options_for<sr::retrieve_options>(call), done...);
    });
  case sr::client_call::create:
    return use([&](auto& client, auto... done) {
      return client.create(a_checkout(), options_for<sr::call_options>(call), done...);
    });
  case sr::client_call::expire:
    return use([&](auto& client, auto... done) {
      return client.expire(id, options_for<sr::call_options>(call), done...);
    });
  case sr::client_call::line_items:
    return use([&](auto& client, auto... done) { return client.line_items(id, page, done...); });
  case sr::client_call::sessions_since:
    return use([&](auto& client, auto... done) { return client.sessions_since(list, done...); });
  case sr::client_call::events_since:
    return use([&](auto& client, auto... done) { return client.events_since(list, done...); });
  }
}

// What was answered. Callbacks may come on any thread.
class answers {
public:
  void expect(std::size_t count) {
    const std::lock_guard<std::mutex> held(mutex_);
    missing_ += count;
  }
  void take(const planned_call& call, const sr::result<sr::observation>& answer) {
    take_any(answer, [&] {
      const sr::checkout_session& session = answer->session;
      check(session.object == "checkout.session" && session.livemode == sr::livemode::test,
            "a session is one, and of the key's mode");
      if (call.kind == sr::client_call::create)
        check(session.metadata.get("out_trade_no") == "A1", "a new session is the order's");
      else
        check(session.id == call.id, "a session is the one that was asked for");
    });
  }
  void take(const planned_call&, const sr::result<sr::session_page>& answer) {
    take_any(answer, [&] {
      for (const sr::checkout_session& each : answer->data)
        check(each.object == "checkout.session" || each.object.empty(),
              "a list of sessions has no other things");
    });
  }
  void take(const planned_call&, const sr::result<sr::event_page>& answer) {
    take_any(answer, [] {});
  }
  void take(const planned_call&, const sr::result<sr::line_item_page>& answer) {
    take_any(answer, [] {});
  }

  bool complete() {
    const std::lock_guard<std::mutex> held(mutex_);
    return missing_ == 0;
  }
  bool last_was_good() {
    const std::lock_guard<std::mutex> held(mutex_);
    return last_was_good_;
  }
  void wait() {
    std::unique_lock<std::mutex> held(mutex_);
    changed_.wait(held, [this] { return missing_ == 0; });
  }

private:
  template <class Answer, class Check> void take_any(const Answer& answer, const Check& check_it) {
    const std::lock_guard<std::mutex> held(mutex_);
    check(missing_ != 0, "a call is answered once");
    if (answer) {
      check_it();
    } else {
      fuzz::check_words_of(answer.error());
      // A short deadline can pass anywhere, even before the first step.
      const sr::error_code code = answer.error().code;
      check(code >= sr::error_code::timed_out_resolving &&
                code != sr::error_code::connection_refused,
            "the configuration is as it should be, and the server is there");
    }
    last_was_good_ = answer.has_value();
    --missing_;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t missing_ = 0;
  bool last_was_good_ = false;
};

class counting_observer final : public sr::client_observer {
public:
  explicit counting_observer(int max_retries) : max_retries_(max_retries) {}
  ~counting_observer() override { check(open_ == 0, "each call that begins finishes"); }

  void on_start(sr::client_call, sr::call_priority) override { ++open_; }
  void on_finish(const sr::call_report& report) override {
    --open_;
    // What the key may not read is left out, and all begins anew.
    check(report.attempts >= 0 && report.attempts <= 2 * (max_retries_ + 1),
          "no more attempts are made than the policy has");
    check(report.failure || report.http_status == 200, "an answer was one");
    check(report.queued <= report.duration, "the time in the queue is a part");
  }

private:
  const int max_retries_;
  std::atomic<int> open_{0};
};

// An application's own HTTP stack that blocks.
class blocking_stack final : public sr::blocking_transport {
public:
  sr::result<sr::http_response> send(const sr::http_request& request) override {
    sr::curl_transport transport{sr::curl_transport_options()};
    return send_once(transport, request);
  }
};

struct situation {
  sr::client_options options;
  std::vector<planned_call> calls;
  bool destroyed_early;
};

sr::client_parts parts_of(const situation& at, std::shared_ptr<sr::transport> transport = {}) {
  sr::client_parts parts;
  parts.transport = std::move(transport);
  parts.observer = std::make_shared<counting_observer>(at.options.retry.max_retries);
  return parts;
}

// Long after the others, when the server behaves well.
const planned_call good_call{sr::client_call::retrieve, "cs_test_good", milliseconds(8000),
                             sr::call_priority::known,  false,          false};

// libcurl 7 uses a connection again on which the server has sent more than its answer, and takes
// what waits there for the next one: a call that fails may fail once for each connection.
constexpr int tries = 5;

void call_each(const situation& at, const sr::session_client& client) {
  answers came;
  came.expect(at.calls.size());
  std::vector<std::thread> threads;
  for (const planned_call& call : at.calls)
    threads.emplace_back(
        [&] { with_function_of(call, [&](const auto& make) { came.take(call, make(client)); }); });
  for (std::thread& each : threads)
    each.join();
  check(came.complete(), "each call is answered");
  peer().begin({});
  with_function_of(good_call, [&](const auto& make) {
    int left = tries;
    while (!make(client))
      check(--left != 0, "the client serves on");
  });
}

void begin(const planned_call& call, sr::async_session_client& client, answers& came) {
  const auto done = [&client, &came, call](const auto& answer) {
    if (call.again && (answer || answer.error().code != sr::error_code::canceled)) {
      planned_call next = call;
      next.again = next.canceled = false;
      came.expect(1);
      begin(next, client, came);
    }
    came.take(call, answer);
  };
  with_function_of(call, [&](const auto& make) {
    const sr::pending_call pending = make(client, done);
    if (call.canceled) pending.cancel();
  });
}

void begin_each(const situation& at, std::unique_ptr<sr::async_session_client> client,
                const std::function<void(answers&)>& wait) {
  answers came;
  came.expect(at.calls.size());
  for (const planned_call& call : at.calls)
    begin(call, *client, came);
  if (!at.destroyed_early) {
    wait(came);
    peer().begin({});
    for (int left = tries; left == tries || !came.last_was_good(); --left) {
      check(left != 0, "the client serves on");
      came.expect(1);
      begin(good_call, *client, came);
      wait(came);
    }
  }
  client.reset();
  check(came.complete(), "a client that goes answers its calls");
}

void wait_for_thread(answers& came) {
  came.wait();
}

std::function<void(std::function<void()>)> threads_for(std::vector<std::thread>& threads,
                                                       std::mutex& mutex) {
  return [&](std::function<void()> send) {
    const std::lock_guard<std::mutex> held(mutex);
    threads.emplace_back(std::move(send));
  };
}

void run_on(std::size_t driver, const situation& at) {
  switch (driver) {
  case 0: { // the threads that wait
    const sr::session_client client(at.options, parts_of(at));
    return call_each(at, client);
  }
  case 1: // a thread of its own
    return begin_each(at, std::make_unique<sr::async_session_client>(at.options, parts_of(at)),
                      wait_for_thread);
  case 2: { // an event loop
    small_loop loop;
    return begin_each(at,
                      std::make_unique<sr::async_session_client>(at.options, loop, parts_of(at)),
                      [&](answers& came) {
                        while (!came.complete())
                          loop.run_once();
                      });
  }
  case 3: { // threads that wait for the asynchronous client
    sr::async_session_client shared(at.options, parts_of(at));
    const sr::session_client client(shared);
    return call_each(at, client);
  }
  case 4: { // threads that wait, by a stack that blocks
    const sr::session_client client(at.options,
                                    parts_of(at, sr::adapt(std::make_shared<blocking_stack>())));
    return call_each(at, client);
  }
  default: { // the same on an executor
    std::mutex mutex;
    std::vector<std::thread> threads;
    begin_each(at,
               std::make_unique<sr::async_session_client>(
                   at.options, parts_of(at, sr::adapt(std::make_shared<blocking_stack>(),
                                                      threads_for(threads, mutex)))),
               wait_for_thread);
    for (std::thread& each : threads)
      each.join();
  }
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::byte_source choices(data, size);
  const std::size_t driver = choices.below(6);
  situation at;
  at.options.secret_key = "sk_test_fuzz";
  at.options.api_base = peer().url();
  at.options.max_response_bytes = choices.flag() ? 1024 : 64 * 1024;
  at.options.requests_per_second = 0;
  at.options.max_in_flight = 1 + choices.below(4);
  at.options.retry.max_retries = static_cast<int>(choices.below(3));
  at.options.retry.first_delay = at.options.retry.longest_delay = milliseconds(1);
  at.destroyed_early = choices.below(4) == 0;
  for (std::size_t left = 1 + choices.below(4); left != 0; --left)
    at.calls.push_back(any_call(choices));
  std::vector<fuzz::peer_reply> script;
  while (!choices.empty())
    script.push_back(reply(choices));
  peer().begin(std::move(script));
  run_on(driver, at);
  return 0;
}
