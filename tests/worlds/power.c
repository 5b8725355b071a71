/* Between a server and its disk. Writes down, in one journal, what is asked of SQLite's files, so that a power cut can
   be played afterwards (see power.py); and lets calls fail or hang as the file of orders says, one a line:

     sync ledger.db EIO 1        the next sync of ledger.db fails, the ones after it do not
     sync ledger.db-wal hang     a sync of its log never returns
     write ledger.db-wal ENOSPC  the disk takes no more of it
     read ledger.db EIO

   Nothing is synced for real: what a sync promises is told by the journal alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define NAME_BYTES 256

static int journal_fd = -1;
static int used; /* how often an order with a number has been followed */

/* Whether there is a journal; what a nursery forks is told of one only after it has begun. */
static int is_watched(void) {
  const char *path = journal_fd < 0 ? getenv("POWER_JOURNAL") : NULL;
  if (path) journal_fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  return journal_fd >= 0;
}

/* The name of an SQLite file behind fd, NULL for any other; what lives in shared memory is no disk. */
static const char *name_of(int fd, char *name) {
  char link[64], path[4096];
  if (!is_watched()) return NULL;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return NULL;
  path[length] = 0;
  const char *last = strrchr(path, '/');
  if (!last || !strstr(last, ".db") || strstr(last, "-shm") || strlen(last) >= NAME_BYTES) return NULL;
  return strcpy(name, last + 1);
}

static void note(char what, const char *name, uint64_t at, const void *data, uint32_t length) {
  struct __attribute__((packed)) { char what; uint8_t name; uint64_t at; uint32_t length; } head =
      {what, (uint8_t)strlen(name), at, length};
  struct iovec parts[3] = {{&head, sizeof head}, {(void *)name, head.name}, {(void *)data, length}};
  if (writev(journal_fd, parts, 3) < 0) abort();
}

/* The error that a call is to end with, 0 for none. */
static int ordered(const char *call, const char *name) {
  char text[1024], a_call[16], a_name[NAME_BYTES], what[16];
  int file = open(getenv("POWER_ORDERS"), O_RDONLY | O_CLOEXEC), found = 0, times;
  if (file < 0) return 0;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  text[length < 0 ? 0 : length] = 0;
  for (char *line = strtok(text, "\n"); line && !found; line = strtok(NULL, "\n")) {
    times = -1;
    if (sscanf(line, "%15s %255s %15s %d", a_call, a_name, what, &times) < 3) continue;
    if (strcmp(a_call, call) || strcmp(a_name, name)) continue;
    if (times >= 0 && used >= times) continue;
    used++;
    if (!strcmp(what, "hang")) {
      note('H', name, 0, NULL, 0);
      for (;;) pause();
    }
    found = !strcmp(what, "ENOSPC") ? ENOSPC : !strcmp(what, "EDQUOT") ? EDQUOT : EIO;
  }
  return found;
}

static int synced(int fd, int (*real)(int)) {
  char name[NAME_BYTES];
  if (!name_of(fd, name)) return real(fd);
  int error = ordered("sync", name);
  note(error ? 'F' : 'S', name, 0, NULL, 0);
  if (error) errno = error;
  return error ? -1 : 0;
}

int fsync(int fd) { return synced(fd, (int (*)(int))dlsym(RTLD_NEXT, "fsync")); }
int fdatasync(int fd) { return synced(fd, (int (*)(int))dlsym(RTLD_NEXT, "fdatasync")); }

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) {
  static ssize_t (*real)(int, const void *, size_t, off64_t);
  char name[NAME_BYTES];
  if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
  if (!name_of(fd, name)) return real(fd, data, length, at);
  int error = ordered("write", name);
  if (error) {
    errno = error;
    return -1;
  }
  ssize_t written = real(fd, data, length, at);
  if (written > 0) note('W', name, (uint64_t)at, data, (uint32_t)written);
  return written;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { return pwrite64(fd, data, length, at); }

ssize_t pread64(int fd, void *data, size_t length, off64_t at) {
  static ssize_t (*real)(int, void *, size_t, off64_t);
  char name[NAME_BYTES];
  if (!real) real = dlsym(RTLD_NEXT, "pread64");
  int error = name_of(fd, name) ? ordered("read", name) : 0;
  if (error) errno = error;
  return error ? -1 : real(fd, data, length, at);
}

int ftruncate64(int fd, off64_t length) {
  static int (*real)(int, off64_t);
  char name[NAME_BYTES];
  if (!real) real = dlsym(RTLD_NEXT, "ftruncate64");
  int done = real(fd, length);
  if (!done && name_of(fd, name)) note('T', name, (uint64_t)length, NULL, 0);
  return done;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int unlink(const char *path) {
  static int (*real)(const char *);
  char name[NAME_BYTES];
  if (!real) real = dlsym(RTLD_NEXT, "unlink");
  int file = open(path, O_RDONLY | O_PATH | O_CLOEXEC);
  const char *known = file < 0 ? NULL : name_of(file, name);
  if (file >= 0) close(file);
  int done = real(path);
  if (!done && known) note('U', name, 0, NULL, 0);
  return done;
}
