// The policy of async_session_client alone: the wire and the time are the test's.
#pragma once

#include "client/fetch_scheduler.hpp"

#include "unit/client/scripted_client.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// Records what is sent and given up. Whatever comes back is said by the test.
class fake_wire final : public stripe_return::wire {
public:
  struct attempt {
    std::uint64_t number;
    std::string id; ///< of the session that is asked for
    stripe_return::http_request request;
  };

  void send(std::uint64_t number, const stripe_return::http_request& request) override {
    EXPECT_TRUE(on_wire.insert(number).second) << "attempt " << number << " was sent before";
    EXPECT_GT(request.timeout.count(), 0) << "libcurl takes 0 for no timeout at all";
    EXPECT_GT(request.connect_timeout.count(), 0);
    const std::size_t begin = request.url.find("cs_");
    sent.push_back({number, request.url.substr(begin, request.url.find('?') - begin), request});
    most_on_wire = std::max(most_on_wire, on_wire.size());
  }
  void abandon(std::uint64_t number) override {
    EXPECT_EQ(on_wire.erase(number), 1u) << "attempt " << number << " is not on the wire";
    abandoned.push_back(number);
  }
  stripe_return::attempt_result timed_out(std::uint64_t number) override {
    EXPECT_EQ(on_wire.count(number), 1u) << "attempt " << number << " is not on the wire";
    stripe_return::attempt_phases phases;
    phases.tls = std::chrono::microseconds(70);
    return {stripe_return::error{stripe_return::error_code::timed_out_in_tls,
                                 "The phase that the wire knows."},
            phases, false};
  }

  std::vector<std::string> ids_sent() const {
    std::vector<std::string> ids;
    for (const attempt& each : sent)
      ids.push_back(each.id);
    return ids;
  }
  const attempt& last() const { return sent.back(); }

  std::vector<attempt> sent;
  std::vector<std::uint64_t> abandoned;
  std::set<std::uint64_t> on_wire;
  std::size_t most_on_wire = 0;
};

/// Told what the observer was told, in one line each.
class noting_observer final : public stripe_return::observer {
public:
  void on_start(stripe_return::lane lane) override {
    notes.push_back("start " + std::to_string(static_cast<int>(lane)));
  }
  void on_retry(stripe_return::lane lane, stripe_return::error_code failure,
                std::chrono::milliseconds delay) override {
    notes.push_back("retry " + std::to_string(static_cast<int>(lane)) + " " +
                    std::string(to_string(failure)) + " " + std::to_string(delay.count()));
  }
  std::vector<std::string> notes;
};

class FetchScheduler : public ::testing::Test {
protected:
  using call_number = std::uint64_t;
  using answer = scripted_client::answer;
  using code = stripe_return::error_code;
  using lane = stripe_return::lane;
  using milliseconds = std::chrono::milliseconds;

  // Without a rate limit, and with pauses of one length, unless the test wants it otherwise; to be
  // set before the first call.
  stripe_return::client_options options_ = scripted_client::options();
  stripe_return::load_options load_;
  stripe_return::testkit::fake_time clock_{scripted_client::host_time};
  fake_wire wire_;

  FetchScheduler() {
    options_.retry.first_delay = options_.retry.longest_delay = milliseconds(1000);
    load_.requests_per_second = 0;
  }

  // Every test ends with the promise that matters most: each call is answered once, none twice, and
  // nothing is left behind.
  void TearDown() override {
    scheduler().cancel_all();
    take_completions();
    for (const call_number call : calls_)
      EXPECT_EQ(answers_.count(call), 1u) << "call " << call;
    EXPECT_TRUE(wire_.on_wire.empty());
    EXPECT_FALSE(scheduler().next_time());
  }

  stripe_return::fetch_scheduler& scheduler() {
    if (!scheduler_) {
      access_.emplace(options_);
      scheduler_.emplace(*access_, load_, clock_, wire_);
    }
    return *scheduler_;
  }
  stripe_return::api_access& access() {
    scheduler();
    return *access_;
  }

  static stripe_return::async_retrieve_options in(lane wanted) {
    stripe_return::async_retrieve_options how;
    how.lane = wanted;
    return how;
  }
  static stripe_return::async_retrieve_options within(milliseconds deadline) {
    stripe_return::async_retrieve_options how;
    how.deadline = deadline;
    return how;
  }

  // A call that is not sent yet: as in the engines, that is for turn() to do.
  call_number submit(const std::string& id = "cs_test_a1",
                     const stripe_return::async_retrieve_options& how = {}) {
    const call_number call = ++last_call_;
    calls_.push_back(call);
    scheduler().submit(call, id_of(id), how, clock_.now(), [this, call](auto got) {
      EXPECT_TRUE(answers_.emplace(call, std::move(got)).second) << call << " answered twice";
      order_.push_back(call);
    });
    return call;
  }
  call_number call(const std::string& id = "cs_test_a1",
                   const stripe_return::async_retrieve_options& how = {}) {
    const call_number made = submit(id, how);
    turn();
    return made;
  }
  void cancel(call_number call) {
    scheduler().cancel(call);
    turn();
  }
  void turn() {
    scheduler().advance();
    take_completions();
  }
  void pass(milliseconds time) {
    clock_.advance(time);
    turn();
  }

  static answer session_of(const std::string& id) {
    return scripted_client::session(session_json().set("id", quoted(id)));
  }
  // Ends the attempt that was sent last, or that of `id`.
  void finish(answer outcome) { finish_attempt(wire_.last().number, std::move(outcome)); }
  void finish(const std::string& id, answer outcome) {
    for (auto at = wire_.sent.rbegin(); at != wire_.sent.rend(); ++at)
      if (at->id == id && wire_.on_wire.count(at->number) != 0)
        return finish_attempt(at->number, std::move(outcome));
    ADD_FAILURE() << id << " is not on the wire";
  }
  void finish_attempt(std::uint64_t attempt, answer outcome) {
    EXPECT_EQ(wire_.on_wire.erase(attempt), 1u) << "attempt " << attempt << " is not on the wire";
    scheduler().attempt_finished(attempt, {std::move(outcome), phases_, reused_});
    turn();
  }
  void succeed(const std::string& id = "cs_test_a1") { finish(id, session_of(id)); }
  void fail(code why) { finish(scripted_client::failure(why)); }

  // "waits", "session" or the error's word.
  std::string outcome(call_number call) const {
    const auto at = answers_.find(call);
    if (at == answers_.end()) return "waits";
    return at->second ? "session" : std::string(to_string(at->second.error().code));
  }
  std::vector<std::string> outcomes(const std::vector<call_number>& calls) const {
    std::vector<std::string> all;
    for (const call_number call : calls)
      all.push_back(outcome(call));
    return all;
  }
  const stripe_return::result<stripe_return::observation>& answer_to(call_number call) const {
    return answers_.at(call);
  }
  const stripe_return::fetch_report& report_of(call_number call) const { return reports_.at(call); }

  /// The calls in the order of their answers.
  const std::vector<call_number>& order() const { return order_; }

  std::optional<milliseconds> time_left() {
    const auto due = scheduler().next_time();
    if (!due) return std::nullopt;
    return std::chrono::ceil<milliseconds>(*due - clock_.now());
  }

  stripe_return::attempt_phases phases_; // of the attempts that end
  bool reused_ = false;

private:
  void take_completions() {
    while (auto next = scheduler().next_completion()) {
      next->done(std::move(next->answer));
      reports_.emplace(order_.back(), std::move(next->report));
    }
  }

  std::optional<stripe_return::api_access> access_;
  std::optional<stripe_return::fetch_scheduler> scheduler_;
  call_number last_call_ = 0;
  std::vector<call_number> calls_;
  std::vector<call_number> order_;
  std::map<call_number, stripe_return::result<stripe_return::observation>> answers_;
  std::map<call_number, stripe_return::fetch_report> reports_;
};
