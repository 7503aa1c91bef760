// postgres_store beside the SQL statements that it needs, on a PostgreSQL server of its own: the
// time that a caller waits. Then how it grows with the orders, and what many threads get through.
// Exit 1 when a goal is missed. With a number, as many orders at most.

#include "thread_cpu.hpp"

#include "fulfillment/postgres/statements.hpp"
#include "postgres/postgres_server.hpp"

#include <stripe_return/fulfillment/postgres_store.hpp>

#include <libpq-fe.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <sched.h>

namespace {

namespace sr = stripe_return;
using sr::postgres::statement;

constexpr int rounds = 1001;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "bench_postgres: %s\n", why.c_str());
  std::exit(1);
}

template <class T> T value(sr::result<T> answer) {
  if (!answer) fail(answer.error().message);
  return *std::move(answer);
}

double microseconds(const std::function<void()>& work) {
  const auto before = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - before)
      .count();
}

// An order as a shop has it: expected, one session, heard to be paid.
sr::order_record order_of(const std::string& number, std::uint64_t version) {
  sr::order_record order;
  order.out_trade_no = number;
  order.expected.emplace();
  order.expected->out_trade_no = number;
  order.expected->amounts = {{400, "cny"}};
  order.expected->livemode = sr::livemode::live;
  order.attempts = 1;
  order.attempt_at = 1774256382;
  const std::string session = "cs_live_" + std::string(50, 'a') + number;
  order.sessions = {{session, 1, sr::order_state::paid, true, 1774256382, false}};
  order.stage = sr::order_stage::due;
  order.paid_session = session;
  order.due_at = order.due_since = 1774256400;
  order.version = version;
  return order;
}

sr::history_entry paid(const sr::order_record& order) {
  return {1774256400, "webhook", "paid", order.paid_session, "evt_" + std::string(24, 'a'), {}, {}};
}

// The statements that the store sends, prepared and sent by libpq alone.
class bare_sql {
public:
  explicit bare_sql(const std::string& conninfo)
      : connection_(PQconnectdb(conninfo.c_str())),
        texts_(sr::postgres::texts_for("stripe_return")) {
    for (std::size_t i = 0; i != texts_.size(); ++i) {
      PQclear(PQprepare(connection_, std::to_string(i).c_str(), texts_[i].c_str(), 0, nullptr));
    }
  }
  ~bare_sql() { PQfinish(connection_); }
  bare_sql(const bare_sql&) = delete;
  bare_sql& operator=(const bare_sql&) = delete;

  void run(statement which, const std::vector<const char*>& values) {
    PGresult* said =
        PQexecPrepared(connection_, std::to_string(static_cast<int>(which)).c_str(),
                       static_cast<int>(values.size()), values.data(), nullptr, nullptr, 0);
    if (PQntuples(said) != 1) fail(PQerrorMessage(connection_));
    PQclear(said);
  }

private:
  PGconn* connection_;
  sr::postgres::statement_texts texts_;
};

std::vector<const char*> pointers_to(const sr::postgres::parameters& values) {
  std::vector<const char*> pointers;
  for (const auto& each : values.values())
    pointers.push_back(each ? each->c_str() : nullptr);
  return pointers;
}

// In turns, so that both meet the same other load.
bool compare(const char* name, const std::function<void()>& prepare,
             const std::function<void()>& bare, const std::function<void()>& store) {
  constexpr double goal = 1.3;
  std::vector<double> bares;
  std::vector<double> stores;
  for (int round = 0; round != rounds; ++round) {
    prepare();
    const bool bare_first = round % 2 == 0;
    const double first = microseconds(bare_first ? bare : store);
    const double second = microseconds(bare_first ? store : bare);
    bares.push_back(bare_first ? first : second);
    stores.push_back(bare_first ? second : first);
  }
  const double ratio = bench::median(stores) / bench::median(bares);
  std::printf("%-40s %7.0f us, by SQL alone %7.0f us   ratio %.2f, goal at most %.1f: %s\n", name,
              bench::median(stores), bench::median(bares), ratio, goal,
              ratio <= goal ? "met" : "MISSED");
  return ratio <= goal;
}

sr::postgres_options options_of(const test_database& database) {
  sr::postgres_options options;
  options.conninfo = database.conninfo();
  return options;
}

bool compare_replace(const char* name, const test_database& database) {
  sr::postgres_store store(options_of(database));
  sr::order_record by_store = order_of("by the store", 0);
  sr::order_record by_sql = order_of("by SQL", 0);
  for (const sr::order_record& each : {by_store, by_sql})
    value(store.add(each, paid(each)));
  by_store.version = by_sql.version = value(store.find("by SQL"))->version;
  const sr::history_entry line = paid(by_sql);
  bare_sql bare(database.conninfo());
  sr::postgres::parameters values;
  std::vector<const char*> pointers;
  return compare(
      name,
      [&] {
        ++by_store.version;
        ++by_sql.version;
        values = sr::postgres::of_change(by_sql, line);
        pointers = pointers_to(values);
      },
      [&] { bare.run(statement::replace, pointers); },
      [&] {
        if (!value(store.replace(by_store, line))) fail("replace() said false");
      });
}

// It takes effect by and by, long before the median.
void set_fsync(const std::string& word) {
  const std::string server = postgres_server::shared().conninfo();
  sql_on(server, "ALTER SYSTEM SET fsync = " + word);
  sql_on(server, "SELECT pg_reload_conf()");
}

bool compare_with_sql(const test_database& database) {
  bool met = compare_replace("replace(), of a new payment", database);
  // Nobody's disk stands before what the library costs.
  set_fsync("off");
  met = compare_replace("replace(), without waiting for the disk", database) && met;
  sr::postgres_store store(options_of(database));
  bare_sql bare(database.conninfo());
  const sr::order_record known = order_of("by SQL", 0);
  met = compare(
            "order_of() and find(), of a return", [] {},
            [&] {
              bare.run(statement::order_of, {known.paid_session.c_str()});
              bare.run(statement::find, {known.out_trade_no.c_str()});
            },
            [&] { value(store.find(*value(store.order_of(known.paid_session)))); }) &&
        met;
  set_fsync("on");
  return met;
}

// As many orders as a shop has after a while, each with its session and two lines of history; one
// in a thousand is due.
void fill(const test_database& database, long from, long to) {
  const std::string numbers =
      " FROM generate_series(" + std::to_string(from) + ", " + std::to_string(to - 1) + ") AS i;";
  database.sql(
      "INSERT INTO stripe_return.orders (out_trade_no, version, record, claimable_at, due_since, "
      "in_review) SELECT 'n' || i, 1, replace('" +
      to_text(order_of("@@", 1)) +
      "', '@@', 'n' || i), CASE WHEN i % 1000 = 0 THEN i END, CASE WHEN i % 1000 = 0 THEN i END, "
      "false" +
      numbers + "INSERT INTO stripe_return.sessions SELECT 'cs_live_" + std::string(50, 'a') +
      "n' || i, 'n' || i" + numbers +
      "INSERT INTO stripe_return.history SELECT 'n' || i, v, i, 'webhook', 'paid', 'cs_live_" +
      std::string(50, 'a') + "n' || i, '', '', '' FROM generate_series(0, 1) AS v, " +
      numbers.substr(6));
}

void print_growth(long most) {
  const test_database database;
  sr::postgres_store store(options_of(database));
  value(store.standing(0)); // makes the tables
  std::printf("\n%10s %18s %10s %10s %10s   (us, medians of 301)\n", "orders", "order_of()+find()",
              "replace()", "due()", "history()");
  long filled = 0;
  for (long orders = 1000; orders <= most; orders *= 10) {
    fill(database, filled, orders);
    filled = orders;
    std::vector<double> finds;
    std::vector<double> replaces;
    std::vector<double> dues;
    std::vector<double> histories;
    for (long i = 0; i != 301; ++i) {
      const std::string number = "n" + std::to_string(i * 7919 % orders);
      const std::string session = "cs_live_" + std::string(50, 'a') + number;
      sr::order_record order;
      finds.push_back(
          microseconds([&] { order = *value(store.find(*value(store.order_of(session)))); }));
      ++order.version;
      order.stage = sr::order_stage::fulfilled;
      replaces.push_back(microseconds([&] { value(store.replace(order, paid(order))); }));
      dues.push_back(microseconds([&] { value(store.due(most, 1)); }));
      histories.push_back(microseconds([&] { value(store.history(number)); }));
    }
    std::printf("%10ld %18.0f %10.0f %10.0f %10.0f\n", orders, bench::median(finds),
                bench::median(replaces), bench::median(dues), bench::median(histories));
  }
}

// What `threads` get done in all, in a second.
double in_a_second(int threads, const std::function<int(int thread, int turn)>& work) {
  std::atomic<bool> over{false};
  std::atomic<long> done{0};
  std::vector<std::thread> running;
  const auto begin = std::chrono::steady_clock::now();
  for (int thread = 0; thread != threads; ++thread) {
    running.emplace_back([&, thread] {
      for (int turn = 0; !over; ++turn)
        done += work(thread, turn);
    });
  }
  std::this_thread::sleep_for(std::chrono::seconds(3));
  over = true;
  for (std::thread& each : running)
    each.join();
  return static_cast<double>(done) /
         std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void print_throughput() {
  const test_database database;
  sr::postgres_options options = options_of(database);
  options.connections = 8;
  sr::postgres_store store(options);
  value(store.add(order_of("shared", 0), {}));
  std::printf("\nOrders in a second, each added, paid, claimed and fulfilled: four commits\n");
  for (const int threads : {1, 8}) {
    const double orders = in_a_second(threads, [&](int thread, int turn) {
      const std::string number =
          std::to_string(threads) + "-" + std::to_string(thread) + "-" + std::to_string(turn);
      value(store.add(order_of(number, 0), {}));
      for (std::uint64_t version = 1; version != 4; ++version)
        value(store.replace(order_of(number, version), paid(order_of(number, version))));
      return 1;
    });
    std::printf("%d threads and connections: %.0f\n", threads, orders);
  }
  std::atomic<long> refused{0};
  const double changes = in_a_second(8, [&](int, int) {
    sr::order_record order = *value(store.find("shared"));
    ++order.version;
    if (value(store.replace(order, paid(order)))) return 1;
    ++refused;
    return 0;
  });
  std::printf("8 threads on one order: %.0f changes in a second, %.0f were too late\n", changes,
              static_cast<double>(refused) / 3);
}

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
  std::printf("The time that a caller waits, median of %d\n", rounds);
  const bool met = compare_with_sql(test_database());
  print_growth(argc > 1 ? std::atol(arguments[1]) : 1000000);
  print_throughput();
  return met ? 0 : 1;
}
