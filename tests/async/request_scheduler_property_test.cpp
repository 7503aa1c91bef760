// Whatever happens in whatever order, the promises hold.
#include "scheduler_fixture.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <rapidcheck/gtest.h> // after GoogleTest, which it does not include

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
namespace gen = rc::gen;
using code = sr::error_code;
using std::chrono::milliseconds;

// RapidCheck has no other way to be told. A hundred cases, its default, would be too few here; who
// sets the variable is not overruled.
const int configured = setenv("RC_PARAMS", "max_success=1000", 0);

constexpr milliseconds longest_pause{200};

class world final : public sr::attempt_sender {
public:
  explicit world(const sr::client_options& options)
      : options_(options), access_(options), scheduler_(access_, clock_, *this) {}

  void submit(const std::string& id, const sr::retrieve_options& how) {
    const std::uint64_t number = calls_.size();
    calls_.push_back({id, how.priority, clock_.now() + *how.deadline, ++moment_, 0});
    submit_to(scheduler_, number, id_of(id), how, clock_.now(),
              [this, number](const auto& answer) { called_back(calls_[number], answer); });
    RC_ASSERT(calls_[number].answers == 0); // never inside the call
  }
  void cancel(std::uint64_t number) {
    const auto before = answered();
    scheduler_.cancel(number);
    RC_ASSERT(answered() == before);
  }
  // `number` counts those in flight.
  void finish(std::uint64_t number, int outcome) {
    const auto attempt = std::next(on_wire_.begin(), static_cast<std::ptrdiff_t>(number));
    const std::uint64_t ended = attempt->first;
    sr::attempt_result told(answer_of(attempt->second, ended, outcome));
    on_wire_.erase(attempt);
    scheduler_.attempt_finished(ended, std::move(told));
  }
  void pass(milliseconds time) { clock_.advance(time); }
  void replace_key(const char* key) { access_.set_secret_key(key); }

  // As the core does it after whatever has happened.
  void turn() {
    scheduler_.advance();
    call_back();
    RC_ASSERT(on_wire_.size() <= options_.max_in_flight);
    RC_ASSERT(abandoned_well_);
    for (const one_call& call : calls_)
      RC_ASSERT(call.answers == 1 || call.deadline > clock_.now());
    // Neither a busy loop nor a forgotten call.
    const auto due = scheduler_.next_time();
    RC_ASSERT(!due || *due > clock_.now());
    RC_ASSERT(due || answered() == calls_.size());
    // Nothing in flight means that all who wait pause between two attempts, unless the rate forbids
    // more.
    if (options_.requests_per_second == 0 && due && on_wire_.empty())
      RC_ASSERT(*due <= clock_.now() + longest_pause);
  }

  void run_to_the_end() {
    while (const auto due = scheduler_.next_time()) {
      clock_.advance(std::chrono::ceil<milliseconds>(*due - clock_.now()));
      turn();
    }
    RC_ASSERT(on_wire_.empty()); // every deadline has passed
  }
  void close() {
    scheduler_.cancel_all();
    RC_ASSERT(on_wire_.empty());
    call_back();
    RC_ASSERT(!scheduler_.next_time());
    for (const one_call& call : calls_)
      RC_ASSERT(call.answers == 1);
  }

  std::size_t in_flight() const { return on_wire_.size(); }
  std::size_t calls() const { return calls_.size(); }
  std::size_t sent() const { return sent_; }

  std::uint64_t send(std::uint64_t attempt, const sr::http_request& request,
                     sr::waiting_thread*) override {
    RC_ASSERT(request.timeout.count() > 0);
    const std::size_t begin = request.url.find("cs_");
    const std::string id = request.url.substr(begin, request.url.find('?') - begin);
    for (const auto& [other, asked] : on_wire_)
      RC_ASSERT(asked.id != id); // one request for a session at a time
    on_wire_.emplace(attempt, asked_for{id, ++moment_});
    sent_at_.emplace(attempt, moment_);
    ++sent_;
    return attempt;
  }
  void abandon(std::uint64_t attempt) noexcept override {
    abandoned_well_ = abandoned_well_ && on_wire_.erase(attempt) == 1u;
  }
  sr::attempt_result so_far(std::uint64_t attempt) override {
    RC_ASSERT(on_wire_.count(attempt) == 1u);
    return sr::error{code::timed_out_waiting, "It took too long."};
  }

private:
  struct one_call {
    std::string id;
    sr::call_priority priority;
    std::chrono::steady_clock::time_point deadline;
    std::uint64_t made; // at that moment
    int answers;
  };
  struct asked_for {
    std::string id;
    std::uint64_t sent; // at that moment
  };

  // The order number of the session tells by which attempt it came.
  static sr::result<sr::http_response> answer_of(const asked_for& asked, std::uint64_t attempt,
                                                 int outcome) {
    switch (outcome) {
    case 0: return scripted_client::status(404, "resource_missing");
    case 1: return scripted_client::status(503);
    case 2: return scripted_client::status(403);
    case 3: return scripted_client::failure(code::connection_lost);
    case 4: return scripted_client::failure(code::tls_expired);
    default:
      return scripted_client::session(
          session_json()
              .set("id", quoted(asked.id))
              .set("client_reference_id", quoted(std::to_string(attempt))));
    }
  }

  void called_back(one_call& call, const sr::api_answer& answer) {
    RC_ASSERT(++call.answers == 1);
    if (answer) {
      const auto& session = std::get<sr::observation>(*answer).session;
      RC_ASSERT(session.id == call.id);
      const std::uint64_t by = std::stoull(session.client_reference_id);
      RC_ASSERT(sent_at_.at(by) > call.made); // no answer is older than its call
    }
  }
  void call_back() {
    for (auto next = scheduler_.next_answered(); !next.empty(); next = scheduler_.next_answered()) {
      const std::size_t before = answered();
      next.front().done(next.front().read_answer());
      RC_ASSERT(answered() == before + 1);
      RC_ASSERT(next.front().report.queued <= next.front().report.duration);
      RC_ASSERT(next.front().report.attempts >= 0);
    }
  }
  std::size_t answered() const {
    return static_cast<std::size_t>(
        std::count_if(calls_.begin(), calls_.end(), [](const auto& call) { return call.answers; }));
  }

  const sr::client_options options_;
  sr::testkit::fake_time clock_{scripted_client::local_time};
  sr::api_access access_;
  std::uint64_t moment_ = 0;
  std::vector<one_call> calls_;
  std::map<std::uint64_t, asked_for> on_wire_;
  std::map<std::uint64_t, std::uint64_t> sent_at_;
  std::size_t sent_ = 0;
  bool abandoned_well_ = true;
  sr::request_scheduler scheduler_;
};

sr::client_options any_options() {
  sr::client_options options = scripted_client::options();
  options.retry.max_retries = *gen::inRange(0, 3);
  options.retry.first_delay = milliseconds(*gen::element(1, 50));
  options.retry.longest_delay = longest_pause;
  options.max_in_flight = *gen::element<std::size_t>(1, 2, 3, 100);
  options.max_queued = *gen::element<std::size_t>(0, 2, 10, 1000);
  options.requests_per_second = *gen::element(0.0, 0.7, 5.0, 100.0);
  options.not_found_memory = milliseconds(*gen::element(0, 100, 10000));
  return options;
}

void do_something(world& all) {
  switch (*gen::weightedElement<int>({{8, 0}, {2, 1}, {6, 2}, {4, 3}, {1, 4}})) {
  case 0: {
    sr::retrieve_options how;
    how.priority = *gen::element(sr::call_priority::known, sr::call_priority::webhook,
                                 sr::call_priority::unknown, sr::call_priority::background);
    how.deadline = milliseconds(*gen::element(1, 20, 100, 400, 5000));
    all.submit("cs_test_" + std::to_string(*gen::inRange(0, 4)), how);
    break;
  }
  case 1:
    if (all.calls() != 0) all.cancel(*gen::inRange<std::uint64_t>(0, all.calls()));
    break;
  case 2:
    if (all.in_flight() != 0)
      all.finish(*gen::inRange<std::uint64_t>(0, all.in_flight()), *gen::inRange(0, 9));
    break;
  case 3: all.pass(milliseconds(*gen::element(1, 7, 50, 150, 1000))); break;
  default: all.replace_key(*gen::element<const char*>("sk_test_1", "sk_test_2", "")); break;
  }
}

RC_GTEST_PROP(RequestSchedulerProperty, EachCallIsAnsweredOnceAndNothingIsLeft, ()) {
  world all(any_options());
  const int steps = *gen::inRange(0, 120);
  for (int i = 0; i < steps; ++i) {
    do_something(all);
    // The core may take in several things before it turns.
    if (*gen::weightedElement<int>({{3, 1}, {1, 0}}) == 1) all.turn();
  }
  if (*gen::arbitrary<bool>()) {
    all.turn();
    all.run_to_the_end();
  }
  RC_TAG(all.sent() == 0 ? "nothing sent" : "sent");
  all.close();
}

} // namespace
