// sqlite_store beside the SQL that it needs, on the same file in turns: what a return and a payment
// cost of CPU, and that neither they nor the lists cost more with a million orders. Exit 1 when a
// goal is missed. With a number, as many orders at most.

#include "bare_sqlite.hpp"
#include "thread_cpu.hpp"

#include <stripe_return/sqlite/sqlite_store.hpp>

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
using bench::thread_cpu;

constexpr sr::unix_seconds noon = 1774267200;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "bench_sqlite: %s\n", why.c_str());
  std::exit(1);
}

template <class T> T value(sr::result<T> answer) {
  if (!answer) fail(answer.error().message);
  return *std::move(answer);
}

bool reach(const std::string& name, double ratio, double goal) {
  const bool met = ratio <= goal + 0.03;
  std::printf("%s ratio %.3f goal %.1f %s\n", name.c_str(), ratio, goal, met ? "met" : "MISSED");
  std::fflush(stdout);
  return met;
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

std::string key_of(std::size_t i) {
  const std::string digits = std::to_string(i);
  return "1774256382" + std::string(9 - digits.size(), '0') + digits;
}

std::string session_of(const std::string& key) {
  return "cs_live_" + std::string(50, 'a') + key;
}

// As open_checkout leaves it.
sr::order_change begun(std::size_t i) {
  sr::order_change change;
  change.row.key = key_of(i);
  change.row.text.assign(1000, 't');
  change.row.index.time(sr::order_list::all) = noon + static_cast<sr::unix_seconds>(i);
  change.row.index.time(sr::order_list::waiting) = noon + static_cast<sr::unix_seconds>(i);
  change.row.index.time(sr::order_list::poll) = noon + static_cast<sr::unix_seconds>(i) + 3600;
  change.row.index.stage = "open";
  change.row.index.waits_for = "customer";
  change.new_ids = {session_of(change.row.key)};
  change.history.assign(150, 'h');
  return change;
}

// As the webhook about its payment does.
sr::order_change paid(std::size_t i) {
  sr::order_change change = begun(i);
  change.row.version = 2;
  change.row.text.assign(1400, 'p');
  change.row.index.time(sr::order_list::waiting) = noon;
  change.row.index.time(sr::order_list::task) = noon;
  change.row.index.time(sr::order_list::poll).reset();
  change.row.index.time(sr::order_list::changed) = noon;
  change.row.index.stage = "due";
  change.row.index.waits_for = "worker";
  change.new_ids = {"pi_" + std::string(5, 'a') + change.row.key};
  return change;
}

// A file of orders, and the store beside the bare statements on it.
class shop {
public:
  shop() {
    if (value(store_.find("nobody"))) fail("the file is not new");
    bare_.emplace(folder_.file());
  }

  void grow_to(std::size_t count) {
    while (kept_ != count) {
      bare_->begin();
      for (int i = 0; i != 10000 && kept_ != count; ++i)
        bare_->add(begun(kept_++));
      bare_->commit();
    }
    std::printf("%zu orders\n", kept_);
  }

  // A customer comes back, each time to another order.
  bool find_by_id(const std::string& name) {
    constexpr int at_once = 20;
    std::vector<std::string> ids(at_once);
    const auto bare = [&] {
      for (const std::string& id : ids)
        if (bare_->find_by_id(id).text.empty()) fail("an order is not there");
    };
    const auto ours = [&] {
      for (const std::string& id : ids)
        if (!value(store_.find_by_id(id))) fail("an order is not there");
    };
    return compare(name, 2001, at_once, bare, ours, [&] {
      for (std::string& id : ids)
        id = session_of(key_of(random_() % kept_));
    });
  }

  // A payment of an order that waited for it, on the disk. Another one each time.
  bool put(const std::string& name, int rounds) {
    sr::order_change change;
    const auto bare = [&] { bare_->pay(paid(paid_)); };
    const auto ours = [&] {
      if (value(store_.put(paid(paid_), {})) != sr::put_result::done)
        fail("an order is not as it was");
    };
    return compare(name, rounds, 1, bare, ours, [&] { paid_ += 7; });
  }

  // CPU of a page in the middle of each list that has orders, with each filter.
  double list() {
    std::vector<double> samples;
    for (int round = 0; round != 301; ++round) {
      samples.push_back(thread_cpu([&] {
        for (const auto list :
             {sr::order_list::all, sr::order_list::waiting, sr::order_list::poll}) {
          for (const char* stage : {"", "open"}) {
            for (const char* waits_for : {"", "customer"}) {
              sr::row_query query;
              query.list = list;
              query.stage = stage;
              query.waits_for = waits_for;
              query.after = sr::list_position{noon + static_cast<sr::unix_seconds>(kept_ / 2), "1"};
              query.limit = 10;
              if (value(store_.list(query)).size() != 10) fail("a list is too short");
            }
          }
        }
      }));
    }
    return median(samples);
  }

private:
  // Both in turns, so that they meet the same caches and the same other load.
  bool compare(const std::string& name, int rounds, int at_once, const std::function<void()>& bare,
               const std::function<void()>& ours, const std::function<void()>& prepare) {
    std::vector<double> bares, stores;
    for (int round = 0; round != rounds; ++round) {
      for (const bool is_bare : {round % 2 == 0, round % 2 != 0}) {
        prepare();
        (is_bare ? bares : stores).push_back(thread_cpu(is_bare ? bare : ours) / at_once);
      }
    }
    std::printf("  %.1f us, by SQL alone %.1f us\n", median(stores), median(bares));
    return reach(name, median(stores) / median(bares), 1.3);
  }

  bench_folder folder_;
  sr::sqlite_store store_{folder_.file()};
  std::optional<bench::bare_sqlite> bare_;
  std::mt19937_64 random_{1};
  std::size_t kept_ = 0;
  std::size_t paid_ = 0;
};

} // namespace

int main(int count, char** arguments) {
  const std::size_t many = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1000000;
  shop orders;
  orders.grow_to(20000);
  bool met = orders.find_by_id("find_by_id");
  met = orders.put("put", 501) && met;
  const double before = orders.list();
  orders.grow_to(many);
  met = orders.find_by_id("find_by_id_of_many") && met;
  met = orders.put("put_of_many", 501) && met;
  met = reach("list_of_many", orders.list() / before, 1.3) && met;
  return met ? 0 : 1;
}
