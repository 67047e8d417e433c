//! A fixed, small set of threads that hash.
//!
//! A hash takes 19 MiB. On the runtime's blocking threads each of many threads would end up holding
//! that much, hundreds of MiB after a busy hour; here it is held once per worker.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError, Weak, mpsc},
    thread,
    time::Duration,
};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// Cloning shares the threads; they end with the last clone.
#[derive(Clone)]
pub struct HashThreads(mpsc::Sender<Job>);

impl HashThreads {
    /// # Errors
    /// When a thread cannot be started.
    pub fn start(workers: usize) -> io::Result<Self> {
        let (jobs, waiting) = mpsc::channel::<Job>();
        let waiting = Arc::new(Mutex::new(waiting));
        let (begin, begun) = mpsc::channel::<Running>();
        for _ in 0..workers {
            let (waiting, begin) = (waiting.clone(), begin.clone());
            named("password-hash").spawn(move || {
                yield_to_others();
                // The guard is gone before the job begins.
                while let Ok(job) = next(&waiting) {
                    let running = Arc::new(());
                    // Without this thread a hash is only interrupted less often.
                    let _ = begin.send(Arc::downgrade(&running));
                    job();
                }
            })?;
        }
        named("hash-pace").spawn(|| keep_pace(begun, || thread::sleep(PACE)))?;
        Ok(Self(jobs))
    }

    /// Runs the work to its end, even if the caller is dropped; `None` if it panicked.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (tell, done) = oneshot::channel();
        let job = move || {
            let work = std::panic::AssertUnwindSafe(work);
            if let Ok(result) = std::panic::catch_unwind(work) {
                // The caller may have been dropped.
                let _ = tell.send(result);
            }
        };
        self.0.send(Box::new(job)).ok()?;
        done.await.ok()
    }
}

fn named(name: &str) -> thread::Builder {
    thread::Builder::new().name(name.to_owned())
}

/// Whether a job is still running.
type Running = Weak<()>;

/// How long a thread woken on the core of a hash may wait until the scheduler looks again. Left
/// alone Linux looks at its next tick, up to 4 ms later, ten steps behind or not.
const PACE: Duration = Duration::from_micros(500);

/// Beats while jobs run, rests while none does, and ends with the threads that hash. Each beat is a
/// timer that interrupts whoever runs.
fn keep_pace(begun: mpsc::Receiver<Running>, mut beat: impl FnMut()) {
    for job in begun {
        while job.strong_count() > 0 {
            beat();
        }
    }
}

/// The niceness of hashing; 19 is the lowest priority. A hash still gets a tenth of a busy core.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Makes a flood of logins slow logins only. Niceness is per thread on Linux; elsewhere it would slow the
/// whole process.
fn yield_to_others() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::warn!(%error, "hashing is not slower than answering");
    }
}

fn next(waiting: &Mutex<mpsc::Receiver<Job>>) -> Result<Job, mpsc::RecvError> {
    waiting
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .recv()
}

#[cfg(test)]
mod tests {
    use super::{HashThreads, keep_pace};
    use std::sync::{Arc, mpsc};

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn those_who_hash_go_behind_those_who_answer() {
        let threads = HashThreads::start(1).unwrap();
        let nice = || rustix::process::getpriority_process(None).unwrap();
        let ours = nice();
        assert_eq!(threads.run(nice).await, Some((ours + super::NICE).min(19)));
        assert_eq!(nice(), ours);
    }

    #[tokio::test]
    async fn a_panic_ends_its_job_and_no_thread() {
        let threads = HashThreads::start(1).unwrap();
        let panics = |sum: u32| assert_eq!(sum, 0);
        assert_eq!(threads.run(move || panics(1)).await, None);
        assert_eq!(threads.run(|| 7).await, Some(7));
    }

    #[test]
    fn the_pace_is_kept_as_long_as_a_job_runs() {
        let (begin, begun) = mpsc::channel();
        let mut jobs = [Arc::new(()), Arc::new(())].map(Some);
        for job in jobs.iter().flatten() {
            begin.send(Arc::downgrade(job)).unwrap();
        }
        // No thread hashes any more; the two jobs end at the third and at the fifth beat.
        drop(begin);
        let mut beats = 0;
        keep_pace(begun, || {
            beats += 1;
            match beats {
                3 => jobs[0] = None,
                5 => jobs[1] = None,
                _ => {}
            }
        });
        assert_eq!(beats, 5);
    }
}
