#include "postgres_server.hpp"

#include "loopback/die.hpp"

#include <libpq-fe.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <csignal>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using loopback::die;

const passwd& unprivileged() {
  static const passwd* const found = [] {
    const passwd* user = getpwnam("postgres");
    return user != nullptr ? user : getpwnam("nobody");
  }();
  if (found == nullptr) die("there is no user to run PostgreSQL as");
  return *found;
}

// Runs a program of PostgreSQL, which ends when the test does. What it writes goes to `output`.
pid_t spawn(const std::string& program, std::vector<std::string> arguments, int output) {
  const std::string path = std::string(STRIPE_RETURN_POSTGRES_PROGRAMS) + "/" + program;
  const bool root = geteuid() == 0;
  const uid_t user = root ? unprivileged().pw_uid : geteuid();
  const gid_t group = root ? unprivileged().pw_gid : getegid();
  std::vector<char*> words{const_cast<char*>(path.c_str())};
  for (std::string& each : arguments)
    words.push_back(each.data());
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) die("fork");
  if (child != 0) return child;
  // From here on nothing but what is safe after a fork() of a process with threads.
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (root && (setgroups(0, nullptr) != 0 || setgid(group) != 0 || setuid(user) != 0)) _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGINT);
  if (chdir("/") == 0) execv(path.c_str(), words.data());
  _exit(127);
}

int free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(probe, generic, size) != 0 || getsockname(probe, generic, &size) != 0) die("bind");
  close(probe);
  return ntohs(address.sin_port);
}

std::vector<pid_t> children_of(pid_t process) {
  const std::string id = std::to_string(process);
  std::ifstream list("/proc/" + id + "/task/" + id + "/children");
  std::vector<pid_t> all;
  for (pid_t child = 0; list >> child;)
    all.push_back(child);
  return all;
}

} // namespace

postgres_server::postgres_server() {
  char path[] = "/tmp/stripe_return_postgres_XXXXXX";
  if (mkdtemp(path) == nullptr) die("mkdtemp");
  directory_ = path;
  if (geteuid() == 0 && chown(path, unprivileged().pw_uid, unprivileged().pw_gid) != 0)
    die("chown");
  make_cluster();
  start();
}

postgres_server::~postgres_server() {
  ::kill(postmaster_, SIGQUIT); // nothing has to be kept
  wait_until_gone();
  std::filesystem::remove_all(directory_);
}

postgres_server& postgres_server::shared() {
  static postgres_server server;
  return server;
}

std::string postgres_server::conninfo(const std::string& database) const {
  return "host=" + directory_ + " port=" + std::to_string(port_) +
         " user=postgres dbname=" + database;
}

std::string postgres_server::tcp_conninfo(const std::string& database) const {
  return "host=127.0.0.1 port=" + std::to_string(port_) + " dbname=" + database;
}

void postgres_server::make_cluster() {
  const int log = open((directory_ + "/initdb.log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  const pid_t made =
      spawn("initdb",
            {"--pgdata=" + directory_ + "/data", "--username=postgres", "--auth-local=trust",
             "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"},
            log);
  close(log);
  int status = 0;
  if (waitpid(made, &status, 0) != made || status != 0) {
    std::ostringstream text;
    text << std::ifstream(directory_ + "/initdb.log").rdbuf();
    std::fputs(text.str().c_str(), stderr);
    die("initdb");
  }
}

void postgres_server::start() {
  // Once it has one it keeps it, as those who are to find it again need.
  if (port_ != 0) {
    if (!started()) die("PostgreSQL did not start again");
    return;
  }
  for (int tries = 0; tries != 10; ++tries) {
    port_ = free_port();
    if (started()) return;
  }
  die("PostgreSQL did not start");
}

bool postgres_server::started() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) die("pipe");
  postmaster_ =
      spawn("postgres",
            {"-D", directory_ + "/data", "-p", std::to_string(port_), "-k", directory_, "-h",
             "127.0.0.1", "-c", "max_connections=60", "-c", "recovery_init_sync_method=syncfs"},
            ends[1]);
  close(ends[1]);
  auto ready = std::make_shared<std::promise<bool>>();
  std::future<bool> is_ready = ready->get_future();
  const std::string path = directory_ + "/server.log";
  log_ = std::thread([ready, path, log = ends[0]] {
    std::ofstream kept(path, std::ios::app);
    std::string text;
    bool told = false;
    std::array<char, 4096> some{};
    for (ssize_t size = 0; (size = read(log, some.data(), some.size())) > 0;) {
      kept.write(some.data(), size).flush();
      if (told) continue;
      text.append(some.data(), static_cast<std::size_t>(size));
      told = text.find("ready to accept connections") != text.npos;
      if (told) ready->set_value(true);
    }
    close(log);
    if (!told) ready->set_value(false);
  });
  if (is_ready.get()) return true;
  wait_until_gone();
  return false;
}

void postgres_server::stop() {
  ::kill(postmaster_, SIGINT);
  wait_until_gone();
}

void postgres_server::kill() {
  ::kill(postmaster_, SIGSTOP); // so that none is born meanwhile
  const std::vector<pid_t> children = children_of(postmaster_);
  ::kill(postmaster_, SIGKILL);
  for (const pid_t each : children)
    ::kill(each, SIGKILL);
  wait_until_gone();
}

void postgres_server::wait_until_gone() {
  if (waitpid(postmaster_, nullptr, 0) != postmaster_) die("waitpid");
  postmaster_ = 0;
  log_.join();
}

std::string sql_on(const std::string& conninfo, const std::string& text) {
  const std::unique_ptr<PGconn, void (*)(PGconn*)> connection(PQconnectdb(conninfo.c_str()),
                                                              &PQfinish);
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  const std::unique_ptr<PGresult, void (*)(PGresult*)> said(PQexec(connection.get(), text.c_str()),
                                                            &PQclear);
  const ExecStatusType status = PQresultStatus(said.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    throw std::runtime_error(PQerrorMessage(connection.get()));
  std::string column;
  for (int row = 0; row != PQntuples(said.get()); ++row)
    column += (row == 0 ? "" : " ") + std::string(PQgetvalue(said.get(), row, 0));
  return column;
}

test_database::test_database() {
  static int count = 0;
  name_ = "test_" + std::to_string(++count);
  sql_on(postgres_server::shared().conninfo(), "CREATE DATABASE " + name_);
}

std::string test_database::sql(const std::string& text) const {
  return sql_on(conninfo(), text);
}
