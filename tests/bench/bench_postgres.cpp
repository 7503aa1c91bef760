// postgres_store beside libpq alone, which prepares and sends the same statements, on a PostgreSQL
// server of its own: what a call costs the caller's thread, and how long it waits. With a number,
// as many orders at most. Exit 1 when a goal is missed.

#include "thread_cpu.hpp"

#include "postgres/postgres_server.hpp"
#include "postgres/statements.hpp"

#include <stripe_return/postgres/postgres_store.hpp>

#include <libpq-fe.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <sched.h>

namespace {

namespace sr = stripe_return;
using work = std::function<void()>;

constexpr int rounds = 2001;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "bench_postgres: %s\n", why.c_str());
  std::exit(1);
}

template <class T> T value(sr::result<T> answer) {
  if (!answer) fail(answer.error().message);
  return *std::move(answer);
}

std::string id_of(const std::string& key) {
  return "cs_live_" + std::string(50, 'a') + key;
}

// An order as a shop has it, paid: in four of the lists.
sr::order_change change_of(const std::string& key, std::uint64_t version) {
  sr::order_change change;
  change.row.key = key;
  change.row.version = version;
  change.row.text = std::string(1500, 't');
  change.row.index.stage = "due";
  change.row.index.waits_for = "worker";
  for (const sr::order_list list : {sr::order_list::all, sr::order_list::waiting,
                                    sr::order_list::task, sr::order_list::changed})
    change.row.index.time(list) = 1774256400 + static_cast<sr::unix_seconds>(version);
  change.new_ids = {id_of(key)};
  change.history = std::string(100, 'h');
  return change;
}

class bare_libpq {
public:
  explicit bare_libpq(const std::string& conninfo) : connection_(PQconnectdb(conninfo.c_str())) {}
  ~bare_libpq() { PQfinish(connection_); }
  bare_libpq(const bare_libpq&) = delete;
  bare_libpq& operator=(const bare_libpq&) = delete;

  void prepare(const char* name, const std::string& text) {
    PQclear(PQprepare(connection_, name, text.c_str(), 0, nullptr));
  }
  void run(const char* name, const sr::postgres::parameters& values) {
    PGresult* result = PQexecPrepared(connection_, name, values.count(), values.pointers().data(),
                                      values.lengths().data(), values.formats(), 1);
    if (PQntuples(result) != 1) fail(PQerrorMessage(connection_));
    PQclear(result);
  }

private:
  PGconn* connection_;
};

struct cost {
  std::vector<double> cpu;
  std::vector<double> wall;

  void add(const work& one) {
    const auto before = std::chrono::steady_clock::now();
    cpu.push_back(bench::thread_cpu(one));
    wall.push_back(
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - before)
            .count());
  }
};

class postgres_benchmark {
public:
  postgres_benchmark() {
    // No disk stands before what the library costs.
    const std::string server = postgres_server::shared().conninfo();
    sql_on(server, "ALTER SYSTEM SET fsync = off");
    sql_on(server, "SELECT pg_reload_conf()");
    value(store_.find("makes the tables"));
    bare_.prepare("find_by_id", sql_.find_by_id);
    bare_.prepare("put", sql_.put(change_of("", 2)));
  }

  bool run(long most) {
    bool met = true;
    for (long orders = 1000; orders <= most; orders *= 10) {
      fill(orders);
      met = compare_find() && met;
      met = compare_put() && met;
      print_waits();
    }
    return met;
  }

private:
  // Each with its session and two lines of history, one in a thousand to be fulfilled and the
  // others waiting for their customers.
  void fill(long orders) {
    const std::string numbers = " FROM generate_series(" + std::to_string(orders_) + ", " +
                                std::to_string(orders - 1) + ") AS i";
    database_.sql(
        "INSERT INTO stripe_return.order_rows (key, version, record, stage, waits_for, all_at, "
        "waiting_at, poll_at, task_at) SELECT convert_to('n' || i, 'UTF8'), 1, repeat('t', 1500), "
        "CASE WHEN due THEN 'due' ELSE 'open' END, CASE WHEN due THEN 'worker' ELSE 'customer' "
        "END, i, i, CASE WHEN NOT due THEN i END, CASE WHEN due THEN i END" +
        numbers + ", LATERAL (SELECT i % 1000 = 999 AS due) AS given;" +
        "INSERT INTO stripe_return.order_ids SELECT convert_to('" + id_of("n") +
        "' || i, 'UTF8'), convert_to('n' || i, 'UTF8')" + numbers + ";" +
        "INSERT INTO stripe_return.order_history SELECT convert_to('n' || i, 'UTF8'), v, "
        "repeat('h', 100)" +
        numbers + ", generate_series(0, 1) AS v");
    database_.sql("VACUUM ANALYZE");
    database_.sql("CHECKPOINT");
    orders_ = orders;
  }

  // Another order for each call, and in turns, so that both meet the same caches and other load.
  bool compare(const char* name, const work& prepare, const work& bare, const work& store) {
    cost by_libpq;
    cost by_store;
    for (int round = 0; round != rounds; ++round) {
      for (const bool bare_next : {round % 2 == 0, round % 2 == 1}) {
        key_ = next_key();
        prepare();
        if (bare_next)
          by_libpq.add(bare);
        else
          by_store.add(store);
      }
    }
    constexpr double goal = 1.3;
    const double ratio = bench::median(by_store.cpu) / bench::median(by_libpq.cpu);
    const bool met = ratio <= goal + 0.03;
    std::printf("%s/%ld ratio %.2f goal %.2f %s\n", name, orders_, ratio, goal,
                met ? "met" : "MISSED");
    std::printf("  CPU %.1f us, by libpq alone %.1f us; waits %.0f us, by libpq alone %.0f us\n",
                bench::median(by_store.cpu), bench::median(by_libpq.cpu),
                bench::median(by_store.wall), bench::median(by_libpq.wall));
    return met;
  }

  bool compare_find() {
    std::string id;
    return compare(
        "find_by_id", [&] { id = id_of(key_); },
        [&] { bare_.run("find_by_id", sr::postgres::parameters().bytes(id)); },
        [&] { value(store_.find_by_id(id)); });
  }

  bool compare_put() {
    sr::order_change change;
    return compare(
        "put", [&] { change = change_of(key_, value(store_.find(key_))->version + 1); },
        [&] { bare_.run("put", sr::postgres::parameters_of(change)); },
        [&] {
          if (value(store_.put(change, {})) != sr::put_result::done) fail("put() refused");
        });
  }

  void print_waits() {
    sr::row_query due;
    due.list = sr::order_list::waiting;
    due.stage = "due";
    due.limit = 1;
    sr::row_query task;
    task.list = sr::order_list::task;
    task.limit = 1;
    const auto print = [&](const char* name, const work& one) {
      cost all;
      for (int round = 0; round != 301; ++round) {
        key_ = next_key();
        all.add(one);
      }
      std::printf("  %s %.0f us", name, bench::median(all.wall));
    };
    print("list()", [&] { value(store_.list(task)); });
    print("list() of a stage", [&] { value(store_.list(due)); });
    print("history()", [&] { value(store_.history(key_)); });
    std::printf("\n");
  }

  std::string next_key() {
    turn_ = (turn_ + 7919) % orders_;
    return "n" + std::to_string(turn_);
  }

  static sr::postgres_options options_of(const test_database& database) {
    sr::postgres_options options;
    options.conninfo = database.conninfo();
    return options;
  }

  const test_database database_;
  sr::postgres_store store_{options_of(database_)};
  const sr::postgres::statements sql_{"stripe_return"};
  bare_libpq bare_{database_.conninfo()};
  long orders_ = 0;
  long turn_ = 0;
  std::string key_;
};

// The server gets a processor of its own, where there are two: on the client's, what a wake-up
// costs would depend on where the scheduler happens to put them.
void start_server_apart() {
  cpu_set_t all;
  CPU_ZERO(&all);
  if (sched_getaffinity(0, sizeof all, &all) != 0) fail("sched_getaffinity");
  if (CPU_COUNT(&all) < 2) return;
  int last = CPU_SETSIZE - 1;
  while (!CPU_ISSET(last, &all))
    --last;
  cpu_set_t servers;
  CPU_ZERO(&servers);
  CPU_SET(last, &servers);
  cpu_set_t clients;
  CPU_XOR(&clients, &all, &servers);
  if (sched_setaffinity(0, sizeof servers, &servers) != 0) fail("sched_setaffinity");
  postgres_server::shared();
  if (sched_setaffinity(0, sizeof clients, &clients) != 0) fail("sched_setaffinity");
}

} // namespace

int main(int argc, char** arguments) {
  start_server_apart();
  return postgres_benchmark().run(argc > 1 ? std::atol(arguments[1]) : 1000000) ? 0 : 1;
}
