// What sqlite_store adds to the statements that it makes: both on the same file, in turns. Then the
// same with more and more orders. Exit 1 when a goal is missed.

#include "bare_sqlite.hpp"
#include "thread_cpu.hpp"

#include <stripe_return/fulfillment/sqlite_store.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using bench::median;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "bench_sqlite: %s\n", why.c_str());
  std::exit(1);
}

template <class T> T value(sr::result<T> answer) {
  if (!answer) fail(answer.error().message);
  return *std::move(answer);
}

template <class Work> double microseconds(const Work& work) {
  const auto before = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - before)
      .count();
}

class bench_folder {
public:
  bench_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "bench_sqlite_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) fail("no folder can be made");
    path_ = name;
  }
  ~bench_folder() { std::filesystem::remove_all(path_); }
  bench_folder(const bench_folder&) = delete;
  bench_folder& operator=(const bench_folder&) = delete;
  std::string file() const { return (path_ / "orders.db").string(); }

private:
  std::filesystem::path path_;
};

std::string number_of(std::size_t i) {
  const std::string digits = std::to_string(i);
  return "1774256382" + std::string(9 - digits.size(), '0') + digits;
}

std::string session_of(const std::string& number) {
  return "cs_live_" + std::string(50, 'a') + number;
}

// As open_checkout leaves it.
sr::order_record begun(const std::string& number) {
  sr::order_record order;
  order.out_trade_no = number;
  order.attempts = 1;
  order.attempt_at = 1774256382;
  order.ask_at = 1774259982;
  order.sessions = {{session_of(number), 1}};
  sr::expected_order expected;
  expected.out_trade_no = number;
  expected.amounts = {{400, "cny"}};
  expected.session_ids = {order.sessions.front().id};
  order.expected = expected;
  return order;
}

// As the webhook about its payment does.
sr::order_record paid(const std::string& number) {
  sr::order_record order = begun(number);
  order.version = 1;
  order.stage = sr::order_stage::due;
  order.ask_at = 0;
  order.due_since = 1774256400;
  order.paid_session = order.sessions.front().id;
  order.sessions.front().state = sr::order_state::paid;
  order.sessions.front().final = true;
  order.sessions.front().created = 1774256382;
  return order;
}

const sr::history_entry line{1774256400,
                             "webhook",
                             "paid",
                             "cs_live_" + std::string(69, 'a'),
                             "evt_1" + std::string(23, 'b'),
                             {},
                             {}};

// Contestants take turns, and every round another one begins.
struct contestant {
  const char* name;
  double goal; // at most so many times the first one's time; 0: none
  std::function<void()> once;
  std::vector<double> wall{};
  std::vector<double> cpu{};
};

// `prepare` is not counted.
bool compete(const char* what, int rounds, const std::function<void()>& prepare,
             std::vector<contestant> all) {
  for (int round = 0; round != rounds; ++round) {
    for (std::size_t i = 0; i != all.size(); ++i) {
      contestant& each = all[(static_cast<std::size_t>(round) + i) % all.size()];
      prepare();
      each.cpu.push_back(bench::thread_cpu([&] { each.wall.push_back(microseconds(each.once)); }));
    }
  }
  std::printf("%s, median of %d\n", what, rounds);
  bool met = true;
  for (const contestant& each : all) {
    const auto ratio = [](const std::vector<double>& ours, const std::vector<double>& base) {
      std::vector<double> ratios;
      for (std::size_t i = 0; i != ours.size(); ++i)
        ratios.push_back(ours[i] / base[i]);
      return median(ratios);
    };
    std::printf("  %-36s %8.1f us, CPU %6.1f us", each.name, median(each.wall), median(each.cpu));
    const double wall = ratio(each.wall, all.front().wall);
    if (&each != &all.front())
      std::printf("   ratio %.3f, CPU %.3f", wall, ratio(each.cpu, all.front().cpu));
    if (each.goal != 0) {
      met = met && wall <= each.goal;
      std::printf(", goal at most %.1f: %s", each.goal, wall <= each.goal ? "met" : "MISSED");
    }
    std::printf("\n");
  }
  return met;
}

// A file of orders, and the store beside the bare statements on it.
class shop {
public:
  shop() {
    if (value(store_.find("nobody"))) fail("the file is not new");
    bare_.emplace(folder_.file());
  }

  // Half of the orders await a payment, the others are fulfilled.
  void grow_to(std::size_t count) {
    bare_->begin();
    for (; kept_ != count; ++kept_) {
      const std::string number = number_of(kept_);
      sr::order_record order = kept_ % 2 == 0 ? begun(number) : paid(number);
      if (kept_ % 2 != 0) order.stage = sr::order_stage::fulfilled;
      bare_->add(order, line);
      if (kept_ % 20000 == 19999) {
        bare_->commit();
        bare_->begin();
      }
    }
    bare_->commit();
  }

  // order_of() and find(), of any order.
  bool read(const char* what, int rounds, double goal) {
    std::string session;
    const auto bare = [&] { return bare_->find(bare_->order_of(session)); };
    return compete(
        what, rounds, [&] { session = session_of(number_of(random_() % kept_)); },
        {{"the bare statements and the reader", 0, [&] { value(sr::parse_order_record(bare())); }},
         {"of these, the bare statements", 0,
          [&] {
            if (bare().empty()) fail("an order is not there");
          }},
         {"sqlite_store", goal, [&] {
            const auto number = value(store_.order_of(session));
            if (!number || !value(store_.find(*number))) fail("an order is not there");
          }}});
  }

  // replace() of an order that is paid. Another one each time, of those that await it.
  bool write(const char* what, int rounds, double goal) {
    sr::order_record order;
    std::string text;
    return compete(what, rounds,
                   [&] {
                     order = paid(number_of(paid_ += 2));
                     text = to_text(order);
                   },
                   {{"the bare statements", 0, [&] { bare_->replace(order, text, line); }},
                    {"sqlite_store", goal, [&] {
                       if (!value(store_.replace(order, line))) fail("an order is not as it was");
                     }}});
  }

  // due() and to_ask() of a worker and a sweep.
  void list(int rounds) {
    std::vector<double> wall;
    for (int round = 0; round != rounds; ++round) {
      wall.push_back(microseconds([&] {
        value(store_.due(1774256400, 100));
        value(store_.to_ask(1774259982, 100));
      }));
    }
    std::printf("  due() and to_ask() of at most 100: %.1f us\n", median(wall));
  }

private:
  bench_folder folder_;
  sr::sqlite_store store_{folder_.file()};
  std::optional<bench::bare_sqlite> bare_;
  std::mt19937_64 random_{1};
  std::size_t kept_ = 0;
  std::size_t paid_ = 0;
};

} // namespace

int main() {
  shop orders;
  orders.grow_to(1000);
  orders.read("order_of() and find(), 1,000 orders", 5001, 0);
  orders.grow_to(20000);
  const bool read =
      orders.read("A customer comes back: order_of() and find(), 20,000 orders", 20001, 1.3);
  const bool written = orders.write("A payment: replace(), on the disk", 501, 1.3);
  for (const std::size_t count : {100000u, 1000000u}) {
    orders.grow_to(count);
    std::printf("== %zu orders\n", count);
    orders.read("order_of() and find()", 5001, 0);
    orders.write("replace()", 201, 0);
    orders.list(201);
  }
  return read && written ? 0 : 1;
}
