package io.longwire.sdk.android.service;

import android.app.job.JobInfo;
import android.app.job.JobParameters;
import android.app.job.JobScheduler;
import android.app.job.JobService;
import android.content.ComponentName;
import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import io.longwire.sdk.android.system.Mode;
import org.jspecify.annotations.Nullable;

/**
 * Has the system start the app now and then, should it have been ended: every 6 hours where the connection lives, every
 * quarter of an hour where it does not. The start alone connects, and what waits is fetched; the job only keeps the
 * process from being frozen for {@link #STAY_MILLIS}.
 */
public final class SafetyCheck extends JobService {
    static final int JOB = 0x4C570001;
    static final long STAY_MILLIS = 20_000;

    private final Handler main = new Handler(Looper.getMainLooper());
    private @Nullable Runnable end;

    /** Asks for the check of this mode; a check that stands already is left, so that its time does not begin anew. */
    static void schedule(Context context, Mode mode) {
        JobScheduler jobs = jobs(context);
        if (jobs == null || stands(jobs, mode.safetyCheckMillis())) {
            return;
        }
        jobs.schedule(new JobInfo.Builder(JOB, new ComponentName(context, SafetyCheck.class))
                .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY).setPeriodic(mode.safetyCheckMillis()).build());
    }

    static void cancel(Context context) {
        JobScheduler jobs = jobs(context);
        if (jobs != null) {
            jobs.cancel(JOB);
        }
    }

    private static boolean stands(JobScheduler jobs, long periodMillis) {
        for (JobInfo one : jobs.getAllPendingJobs()) {
            if (one.getId() == JOB) {
                return one.getIntervalMillis() == periodMillis;
            }
        }
        return false;
    }

    private static @Nullable JobScheduler jobs(Context context) {
        return (JobScheduler) context.getSystemService(Context.JOB_SCHEDULER_SERVICE);
    }

    @Override
    public boolean onStartJob(JobParameters job) {
        PhoneRuntime runtime = PhoneRuntime.current();
        if (runtime == null) {
            return false;
        }
        runtime.woke();
        runtime.startService();
        Runnable over = () -> {
            end = null;
            jobFinished(job, false);
        };
        end = over;
        main.postDelayed(over, STAY_MILLIS);
        return true;
    }

    @Override
    public boolean onStopJob(JobParameters job) {
        Runnable over = end;
        end = null;
        if (over != null) {
            main.removeCallbacks(over);
        }
        return false;
    }
}
