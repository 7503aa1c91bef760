// What goes on in a client, as Prometheus text: copy the observer, and serve its
// text() at /metrics. This program retrieves the sessions it is given and prints the metrics.
//
//   STRIPE_SECRET_KEY=sk_... prometheus SESSION_ID...

#include <stripe_return/client/async_session_client.hpp>

#include <array>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace sr = stripe_return;

// Counts and is read on any thread. Its labels are words from lists in the
// library's headers: no metric grows with the customers, and none names one.
class prometheus_observer final : public sr::client_observer {
public:
  void on_start(sr::client_call, sr::call_priority) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++waiting_;
  }

  void on_retry(sr::client_call, sr::error_code failure, std::chrono::milliseconds) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++retries_[std::string(to_string(failure))];
  }

  void on_finish(const sr::call_report& report) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    --waiting_;
    const std::string result = report.failure ? std::string(to_string(*report.failure)) : "ok";
    ++calls_[{std::string(to_string(report.call)), std::string(to_string(report.priority)),
              result}];
    attempts_ += report.attempts;
    shared_ += report.shared ? 1 : 0;
    reused_ += report.connection_reused ? 1 : 0;
    queued_ += seconds(report.queued);
    duration_ += seconds(report.duration);
    for (std::size_t i = 0; i != limits.size(); ++i)
      if (seconds(report.duration) <= limits[i]) ++within_[i];
  }

  // https://prometheus.io/docs/instrumenting/exposition_formats/
  std::string text() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    long count = 0;
    std::string all = "# TYPE stripe_return_calls_total counter\n";
    for (const auto& [labels, calls] : calls_) {
      all += "stripe_return_calls_total{call=\"" + labels[0] + "\",priority=\"" + labels[1] +
             "\",result=\"" + labels[2] + "\"} " + std::to_string(calls) + '\n';
      count += calls;
    }
    all += "# TYPE stripe_return_retries_total counter\n";
    for (const auto& [failure, retries] : retries_)
      all += "stripe_return_retries_total{failure=\"" + failure + "\"} " + std::to_string(retries) +
             '\n';
    all += "# TYPE stripe_return_call_duration_seconds histogram\n";
    for (std::size_t i = 0; i != limits.size(); ++i)
      all += "stripe_return_call_duration_seconds_bucket{le=\"" + number(limits[i]) + "\"} " +
             std::to_string(within_[i]) + '\n';
    all += "stripe_return_call_duration_seconds_bucket{le=\"+Inf\"} " + std::to_string(count) +
           "\nstripe_return_call_duration_seconds_sum " + number(duration_) +
           "\nstripe_return_call_duration_seconds_count " + std::to_string(count) + '\n';
    const auto one = [&](const char* name, const char* type, const std::string& value) {
      all += std::string("# TYPE ") + name + ' ' + type + '\n' + name + ' ' + value + '\n';
    };
    one("stripe_return_queued_seconds_total", "counter", number(queued_));
    one("stripe_return_attempts_total", "counter", std::to_string(attempts_));
    one("stripe_return_shared_calls_total", "counter", std::to_string(shared_));
    one("stripe_return_reused_connections_total", "counter", std::to_string(reused_));
    one("stripe_return_waiting_calls", "gauge", std::to_string(waiting_));
    return all;
  }

private:
  static constexpr std::array<double, 8> limits{0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10};

  static double seconds(std::chrono::microseconds time) {
    return std::chrono::duration<double>(time).count();
  }
  static std::string number(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%g", value);
    return text.data();
  }

  mutable std::mutex mutex_;
  long waiting_ = 0;
  std::map<std::array<std::string, 3>, long> calls_;
  std::map<std::string, long> retries_;
  std::array<long, limits.size()> within_{};
  double duration_ = 0;
  double queued_ = 0;
  long attempts_ = 0;
  long shared_ = 0;
  long reused_ = 0;
};

int main(int argc, char** argv) {
  sr::client_options options;
  options.secret_key = std::getenv("STRIPE_SECRET_KEY");
  if (const char* base = std::getenv("STRIPE_API_BASE")) options.api_base = base; // a fake Stripe
  const auto metrics = std::make_shared<prometheus_observer>();

  std::mutex mutex;
  std::condition_variable answered;
  int answers = 0;
  sr::async_session_client stripe(std::move(options), {nullptr, nullptr, metrics});
  for (int i = 1; i < argc; ++i) {
    stripe.retrieve(sr::session_id::parse(argv[i]), {}, [&](const auto&) {
      const std::lock_guard<std::mutex> lock(mutex);
      ++answers;
      answered.notify_one();
    });
  }
  std::unique_lock<std::mutex> lock(mutex);
  answered.wait(lock, [&] { return answers == argc - 1; });
  std::fputs(metrics->text().c_str(), stdout);
}
