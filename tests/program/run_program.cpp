#include "run_program.hpp"

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

struct close_file {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using file_ptr = std::unique_ptr<std::FILE, close_file>;

// Files and not pipes, so neither side ever waits for the other to read.
file_ptr temporary_file() {
  file_ptr file(std::tmpfile());
  if (!file) throw std::runtime_error("cannot make a temporary file");
  return file;
}

std::string contents(std::FILE* file) {
  std::string text;
  char chunk[64 * 1024];
  std::rewind(file);
  while (const std::size_t count = std::fread(chunk, 1, sizeof chunk, file))
    text.append(chunk, count);
  return text;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const std::string& text : texts)
    all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

int wait_for(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, 0) != child) throw std::runtime_error("waitpid failed");
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

} // namespace

program_call& program_call::with(const std::vector<std::string>& more_arguments) {
  arguments_.insert(arguments_.end(), more_arguments.begin(), more_arguments.end());
  return *this;
}

program_call& program_call::variable(const std::string& name, const std::string& value) {
  environment_.push_back(name + "=" + value);
  return *this;
}

program_call& program_call::input(std::string text) {
  input_ = std::move(text);
  return *this;
}

program_call& program_call::input_from(std::string path) {
  input_path_ = std::move(path);
  return *this;
}

program_call& program_call::output_to(std::string path) {
  output_path_ = std::move(path);
  return *this;
}

program_call& program_call::output_to_nobody() {
  output_to_nobody_ = true;
  return *this;
}

program_call& program_call::without(int descriptor) {
  closed_.push_back(descriptor);
  return *this;
}

program_run program_call::run() const {
  const file_ptr input = temporary_file();
  const file_ptr output = temporary_file();
  const file_ptr errors = temporary_file();
  if (std::fwrite(input_.data(), 1, input_.size(), input.get()) != input_.size() ||
      std::fflush(input.get()) != 0 || lseek(fileno(input.get()), 0, SEEK_SET) != 0) {
    throw std::runtime_error("cannot write the standard input");
  }

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (input_path_.empty()) {
    posix_spawn_file_actions_adddup2(&actions, fileno(input.get()), STDIN_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input_path_.c_str(), O_RDONLY, 0);
  }
  int unread[2] = {-1, -1};
  if (output_to_nobody_) {
    if (pipe(unread) != 0) throw std::runtime_error("pipe failed");
    close(unread[0]);
    posix_spawn_file_actions_adddup2(&actions, unread[1], STDOUT_FILENO);
  } else if (output_path_.empty()) {
    posix_spawn_file_actions_adddup2(&actions, fileno(output.get()), STDOUT_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output_path_.c_str(), O_WRONLY, 0);
  }
  posix_spawn_file_actions_adddup2(&actions, fileno(errors.get()), STDERR_FILENO);
  for (const int descriptor : closed_)
    posix_spawn_file_actions_addclose(&actions, descriptor);

  std::vector<std::string> words = {STRIPE_RETURN_PROGRAM};
  words.insert(words.end(), arguments_.begin(), arguments_.end());
  pid_t child = 0;
  const int failure = posix_spawn(&child, STRIPE_RETURN_PROGRAM, &actions, nullptr,
                                  pointers(words).data(), pointers(environment_).data());
  posix_spawn_file_actions_destroy(&actions);
  if (output_to_nobody_) close(unread[1]);
  if (failure != 0) throw std::runtime_error("cannot start " STRIPE_RETURN_PROGRAM);

  program_run run;
  run.exit_code = wait_for(child);
  run.output = contents(output.get());
  run.errors = contents(errors.get());
  return run;
}
