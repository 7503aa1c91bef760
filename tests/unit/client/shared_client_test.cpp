// A session_client over an async_session_client, at its edges.
#include "scripted_client.hpp"

#include "torture/small_loop.hpp"
#include "unit/core/error_code_of.hpp"

#include <stripe_return/client/async_session_client.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;

std::shared_ptr<sr::transport> stripe() {
  return std::make_shared<sr::testkit::scripted_transport>(
      [](const sr::http_request&) { return scripted_client::session(); });
}

// The thread that made the client need not be the loop's.
TEST(SharedClient, LearnsWhichThreadDrivesIt) {
  small_loop loop;
  std::optional<sr::async_session_client> driven(std::in_place, scripted_client::options(), loop,
                                                 sr::client_parts{stripe()});
  const sr::session_client client(*driven);
  std::atomic<bool> over{false};
  std::thread thread([&] {
    while (!over)
      loop.run_once();
    driven.reset();
  });
  const auto id = *sr::session_id::parse("cs_test_a1");
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (error_code_of(client.retrieve(id)) == code::wrong_thread &&
         std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
  EXPECT_TRUE(client.retrieve(id));
  over = true;
  thread.join();
}

TEST(SharedClient, TellsTheObserverOfACallThatComesTooLate) {
  class counting final : public sr::client_observer {
  public:
    void on_start(sr::client_call, sr::call_priority) override { ++open; }
    void on_finish(const sr::call_report& report) override {
      --open;
      failure = report.failure;
    }
    int open = 0;
    std::optional<code> failure;
  };
  const auto observer = std::make_shared<counting>();
  std::optional<sr::async_session_client> driven(std::in_place, scripted_client::options(),
                                                 sr::client_parts{stripe(), nullptr, observer});
  const sr::session_client client(*driven);
  driven.reset();
  EXPECT_EQ(error_code_of(client.retrieve(*sr::session_id::parse("cs_test_a1"))), code::canceled);
  EXPECT_EQ(observer->open, 0);
  EXPECT_EQ(observer->failure, code::canceled);
}

} // namespace
