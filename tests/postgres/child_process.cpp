#include "child_process.hpp"

#include "loopback/die.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

child_process::child_process(const std::string& program, std::vector<std::string> arguments) {
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (std::string& each : arguments)
    words.push_back(each.data());
  words.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) loopback::die("pipe");
  process_ = fork();
  if (process_ < 0) loopback::die("fork");
  if (process_ == 0) {
    dup2(ends[1], STDOUT_FILENO);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execv(program.c_str(), words.data());
    _exit(127);
  }
  close(ends[1]);
  output_ = ends[0];
}

child_process::~child_process() {
  kill();
  waitpid(process_, nullptr, 0);
  close(output_);
}

std::optional<std::string> child_process::read_line() {
  for (;;) {
    if (const std::size_t end = unread_.find('\n'); end != unread_.npos) {
      const std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    std::array<char, 256> some{};
    const ssize_t size = read(output_, some.data(), some.size());
    if (size <= 0) return std::nullopt;
    unread_.append(some.data(), static_cast<std::size_t>(size));
  }
}

void child_process::kill() const {
  ::kill(process_, SIGKILL);
}
