use std::future::{Future, poll_fn};
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Runs the jobs, at most `limit` at a time, and gives their results in the order of the jobs.
pub(crate) async fn each<F: Future>(
    limit: NonZeroUsize,
    jobs: impl IntoIterator<Item = F>,
) -> Vec<F::Output> {
    let mut crew = Crew {
        limit: limit.get(),
        waiting: jobs.into_iter().enumerate(),
        running: Vec::new(),
        done: Vec::new(),
    };
    poll_fn(|context| crew.work(context)).await;
    crew.done.sort_by_key(|(index, _)| *index);
    crew.done.into_iter().map(|(_, result)| result).collect()
}

struct Crew<I, F: Future> {
    limit: usize,
    waiting: I,
    running: Vec<(usize, Pin<Box<F>>)>,
    done: Vec<(usize, F::Output)>,
}

impl<I: Iterator<Item = (usize, F)>, F: Future> Crew<I, F> {
    fn work(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            self.hire();
            if self.running.is_empty() {
                return Poll::Ready(());
            }
            let before = self.running.len();
            self.poll(context);
            if self.running.len() == before {
                return Poll::Pending;
            }
        }
    }

    fn hire(&mut self) {
        while self.running.len() < self.limit {
            let Some((index, job)) = self.waiting.next() else { return };
            self.running.push((index, Box::pin(job)));
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) {
        let done = &mut self.done;
        self.running.retain_mut(|(index, job)| match job.as_mut().poll(context) {
            Poll::Ready(result) => {
                done.push((*index, result));
                false
            }
            Poll::Pending => true,
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn results_keep_their_order_and_the_limit_holds() {
        let running = AtomicUsize::new(0);
        let most = AtomicUsize::new(0);
        let jobs = (0..20_u64).map(|i| {
            let (running, most) = (&running, &most);
            async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20 - i)).await;
                running.fetch_sub(1, Ordering::SeqCst);
                i
            }
        });
        let results = each(NonZeroUsize::MIN.saturating_add(2), jobs).await;
        assert_eq!(results, (0..20).collect::<Vec<_>>());
        assert_eq!(most.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn no_jobs_no_results() {
        assert!(each(NonZeroUsize::MIN, Vec::<std::future::Ready<()>>::new()).await.is_empty());
    }
}
