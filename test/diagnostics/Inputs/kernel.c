// A kernel in miniature: its object's BTF stands for a kernel's.
struct mm {
  unsigned long start, end;
};

struct task_struct {
  long state;
  int pid;
  unsigned char comm[16];
  struct mm *mm;
  struct task_struct *parent;
};

// What of a task is safe to follow in an RCU section.
struct task_struct__safe_rcu {
  struct task_struct *parent;
};

struct file {
  long flags;
};

struct tcp_congestion_ops {
  void (*init)(struct file *file);
  long (*room)(struct file *file);
};
struct bpf_struct_ops_tcp_congestion_ops {
  struct tcp_congestion_ops data;
};

typedef void (*btf_trace_task_newtask)(void *data, struct task_struct *task,
                                       unsigned long flags);

// Types that are only pointed to are left out.
struct mm mm;
struct task_struct init;
struct task_struct__safe_rcu safe;
btf_trace_task_newtask newtask;
struct bpf_struct_ops_tcp_congestion_ops operations;

int wake_up(struct task_struct *task, int how) { return task->pid == how; }
int bpf_lsm_file_open(struct file *file) { return file->flags != 0; }

struct task_struct *bpf_task_acquire(struct task_struct *p) { return p; }
void bpf_task_release(struct task_struct *p) { p->state = 0; }
struct task_struct *bpf_task_from_pid(int pid) { return pid ? &init : 0; }

struct bpf_iter_task {
  unsigned long state[3];
};
int bpf_iter_task_new(struct bpf_iter_task *it, struct task_struct *task__nullable,
                      unsigned flags) {
  return it->state[0] = flags;
}
struct task_struct *bpf_iter_task_next(struct bpf_iter_task *it) {
  return it->state[0] ? &init : 0;
}
void bpf_iter_task_destroy(struct bpf_iter_task *it) { it->state[0] = 0; }
void bpf_rcu_read_lock(void) {}
void bpf_rcu_read_unlock(void) {}
void bpf_throw(unsigned long cookie) { init.state = cookie; }
